/**
 * What is known about people in general, as numbers of one feature set: aggregates over many people, no vector of
 * any one. A key's model is fitted against it, so that a few photos of a few subjects are enough.
 * Matrices are row-major; covariances are of t = basis'·((f − mean) / sd).
 */
export interface Background {
  /** Feature set and content, such as `ratios-0f3a9c21b4d7e856`: two backgrounds with one id are the same numbers. */
  readonly id: string;
  /** Feature set by name; nothing here depends on what it measures. */
  readonly features: string;
  /** Numbers of one feature vector. */
  readonly size: number;
  /** Numbers of one projected vector, ≤ size. */
  readonly rank: number;
  /** Photos that the within-person covariance counts for when it is blended with a key's own. */
  readonly weight: number;
  /** Share of the blended covariance that gives way to a multiple of the identity, 0 to 1. */
  readonly shrinkage: number;
  /** Where the numbers come from, for people to read. */
  readonly origin: string;
  readonly people: number;
  readonly photos: number;
  /** Features are neither scaled nor turned: sd is 1 and basis the identity. */
  readonly asTheyAre?: true | undefined;
  /** size */
  readonly mean: Float32Array;
  /** size, all > 0 */
  readonly sd: Float32Array;
  /** size × rank, orthonormal columns */
  readonly basis: Float32Array;
  /** rank × rank, symmetric, positive definite: how photos of one person differ */
  readonly within: Float32Array;
  /** rank × rank, symmetric, positive semidefinite: how people differ */
  readonly between: Float32Array;
}
