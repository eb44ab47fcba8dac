import type { FeatureSetName } from '@facehash/contracts';

/** What happened to a photo on its way to the classifier. */
export type Fate =
  /** The file could not be decoded. */
  | 'undecoded'
  /** No face was found. */
  | 'undetected'
  /** Landmarks were put on something else than the face that the thorough, gated search finds. */
  | 'misplaced'
  | 'placed';

/** One photo as a probe: what recognition measures on it with the search of one feature set. */
export interface MeasuredProbe {
  readonly fate: Fate;
  /** undefined where nothing was found. */
  readonly vector: Float32Array | undefined;
}

/** One photo, measured as the product does, with every feature set by name. */
export interface MeasuredPhoto {
  /** As enrolment takes it; undefined where it would refuse the photo. */
  readonly enrolled: Readonly<Record<FeatureSetName, Float32Array>> | undefined;
  readonly probes: Readonly<Record<FeatureSetName, MeasuredProbe>>;
}

/** The photos of one person. Nobody's name is needed. */
export type MeasuredPerson = readonly MeasuredPhoto[];
