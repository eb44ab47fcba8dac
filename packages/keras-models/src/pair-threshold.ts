/**
 * From which score of `pairLlr` two photos are said to show one person: where the evidence turns. By embeddings it is reached by
 * none of 56 100 pairs of strangers of LFW and .07 % of 77 221 of ORL, and by 96.6 % and 99.9 % of the pairs of one person
 * (`pnpm bench verify`, 2026-11-24; none of these people is in the background).
 */
export const PAIR_THRESHOLD = 0;
