import { z } from 'zod';
import { labelSchema } from './label.js';

/** What would help a person to be recognised. */
export const PHOTO_ADVICE = [
  /** Every photo is named by the others. */
  'enough',
  /** Further photos of the person are expected to lift those that are not. */
  'more',
  /** Photos are so far from the others that more of the same would not help: look at the lowest, replace it. */
  'better',
] as const;

const shares = z.number().min(0).max(1);

const agreementSchema = z.object({
  /** Share of the person's photos that the others would have named. */
  named: shares,
  /** Of the scores that photos get from the others. */
  medianScore: z.number(),
  lowest: z.object({ photoId: z.string(), score: z.number() }),
});

const confusionSchema = z.object({
  subjectId: z.string(),
  /** Photos that show the other person rather, or cannot be told. */
  photos: z.int().min(1),
  /** The highest score the other person's label gives to one of them, and which. */
  highest: z.object({ photoId: z.string(), score: z.number() }),
});

/** What a training found out about the people it knows; lies beside the model. By ids, for labels change. */
export const modelReportSchema = z.object({
  subjects: z.array(
    z.object({
      subjectId: z.string(),
      photos: z.int(),
      /** Null with a single photo. */
      agreement: agreementSchema.nullable(),
      confusions: z.array(confusionSchema),
      advice: z.enum(PHOTO_ADVICE),
    }),
  ),
  lookAlikes: z.array(z.object({ subjectIds: z.tuple([z.string(), z.string()]), score: z.number() })),
});

export type ModelReport = z.infer<typeof modelReportSchema>;
export type SubjectReport = ModelReport['subjects'][number];

const person = { label: labelSchema, subject_id: z.string() };

/** Two people whose photos speak for each other, and the score that the label of the one gives those of the other on average. */
export const lookAlikesResourceSchema = z.object({
  people: z.array(z.object(person)).length(2),
  score: z.number(),
});

export type LookAlikesResource = z.infer<typeof lookAlikesResourceSchema>;

/** The report as the caller sees it, under the labels of now. */
export const modelReportResourceSchema = z.object({
  object: z.literal('model_report'),
  version: z.string(),
  threshold: z.number(),
  /** The worst first. */
  subjects: z.array(
    z.object({
      ...person,
      photos: z.int(),
      agreement: z
        .object({
          named: shares,
          median_score: z.number(),
          lowest: z.object({ photo_id: z.string(), score: z.number() }),
        })
        .nullable(),
      confusions: z.array(
        z.object({
          ...person,
          photos: z.int(),
          highest: z.object({ photo_id: z.string(), score: z.number() }),
        }),
      ),
      advice: z.enum(PHOTO_ADVICE),
    }),
  ),
  look_alikes: z.array(lookAlikesResourceSchema),
});

export type ModelReportResource = z.infer<typeof modelReportResourceSchema>;

/** @param labelOf undefined for somebody who was deleted: the report then says nothing of them */
export function toModelReportResource(
  report: ModelReport,
  { version, threshold }: { version: string; threshold: number },
  labelOf: (subjectId: string) => string | undefined,
): ModelReportResource {
  const named = (subjectId: string): { label: string; subject_id: string }[] => {
    const label = labelOf(subjectId);
    return label === undefined ? [] : [{ label, subject_id: subjectId }];
  };
  const shown = ({ photoId, score }: { photoId: string; score: number }) => ({ photo_id: photoId, score });
  return {
    ...{ object: 'model_report', version, threshold },
    subjects: report.subjects
      .flatMap(({ subjectId, photos, agreement, confusions, advice }) =>
        named(subjectId).map((one) => ({
          ...one,
          photos,
          agreement: agreement && {
            named: agreement.named,
            median_score: agreement.medianScore,
            lowest: shown(agreement.lowest),
          },
          confusions: confusions.flatMap((other) =>
            named(other.subjectId).map((rival) => ({
              ...rival,
              photos: other.photos,
              highest: shown(other.highest),
            })),
          ),
          advice,
        })),
      )
      .sort((a, b) => (a.agreement?.named ?? 1) - (b.agreement?.named ?? 1)),
    look_alikes: toLookAlikesResources(report, labelOf),
  };
}

export function toLookAlikesResources(
  { lookAlikes }: Pick<ModelReport, 'lookAlikes'>,
  labelOf: (subjectId: string) => string | undefined,
): LookAlikesResource[] {
  return lookAlikes.flatMap(({ subjectIds, score }) => {
    const people = subjectIds.flatMap((subject_id) => {
      const label = labelOf(subject_id);
      return label === undefined ? [] : [{ label, subject_id }];
    });
    return people.length === 2 ? [{ people, score }] : [];
  });
}
