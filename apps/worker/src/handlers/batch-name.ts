/** The name of a batch's feature table: the same on every try, so that a try repeated overwrites instead of adding. */
export const batchName = (jobId: string, batch: number): string => `${jobId}-${batch}`;
