import type { FeatureSetName } from '@facehash/contracts';
import type { Background, FittedModel } from '@facehash/keras-models';
import type { Draw } from './draws.js';
import { enrol, type Answer, type Fit } from './enrolment.js';
import type { Fate, MeasuredPerson } from './photo.js';

export interface Probe {
  /** Index of the true person; undefined for a stranger. */
  readonly truth: number | undefined;
  /** undefined where no face was found. */
  readonly answer: Answer | undefined;
  readonly fate: Fate;
}

/** What one draw gave with one feature set. */
export interface Trial {
  readonly features: FeatureSetName;
  /** The enrolled: their indices among all people, in the order that labels and truths number them. */
  readonly people: readonly number[];
  readonly probes: readonly Probe[];
  readonly fitted: FittedModel;
  /** The product's own, for targets of 1 % and 5 %. */
  readonly thresholds: { readonly strict: number; readonly balanced: number };
}

/** Enrols and asks as a draw says, with the feature set of the background. @param fit in closed form unless told otherwise */
export async function runTrial(
  draw: Draw,
  people: readonly MeasuredPerson[],
  background: Background,
  fit?: Fit,
): Promise<Trial> {
  const features = background.features as FeatureSetName;
  const enrolment = await enrol(
    background,
    draw.enrolled.map(({ person, photos }) =>
      photos.flatMap((photo) => people[person]![photo]!.enrolled?.[features] ?? []),
    ),
    fit,
  );
  const probes: Probe[] = [];
  const ask = async (person: number, photos: readonly number[], truth: number | undefined): Promise<void> => {
    const measured = photos.map((photo) => people[person]![photo]!.probes[features]);
    const answers = await enrolment.answer(measured.flatMap(({ vector }) => vector ?? []));
    let next = 0;
    for (const { fate, vector } of measured)
      probes.push({ truth, fate, answer: vector === undefined ? undefined : answers[next++] });
  };
  try {
    for (const [truth, { person, probes: photos }] of draw.enrolled.entries())
      await ask(person, photos, truth);
    for (const { person, probes: photos } of draw.strangers) await ask(person, photos, undefined);
  } finally {
    enrolment.dispose();
  }
  const { fitted } = enrolment;
  return {
    features,
    people: draw.enrolled.map(({ person }) => person),
    probes,
    fitted,
    thresholds: { strict: fitted.threshold, balanced: fitted.balanced.threshold },
  };
}
