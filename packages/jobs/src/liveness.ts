/**
 * A dead process' job is found after at most lockDuration + stalledInterval = 6.5 s: its lock has to expire, and
 * a check has to come by. Renewing every second leaves a live worker 4 s of blocked event loop before its jobs
 * are given to another one; with BullMQ's own ratio (half of lockDuration) it would be 2.5 s.
 */
export const LIVENESS = { lockDuration: 5_000, lockRenewTime: 1_000, stalledInterval: 1_500 };
