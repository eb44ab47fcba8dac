/**
 * By how much the best score must lead the second for its name to be given: below, the second is at least one chance in ten of the
 * two. Where it comes from: docs/recognition.md, "Too close to call".
 */
export const TOO_CLOSE = Math.log(9);
