/** Why something is not in a backup: deleted since it was listed; or the photo of a training that has not ended. */
export type LeftOut = 'deleted' | 'unfinished';
