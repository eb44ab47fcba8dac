import { z } from 'zod';
import { FOREVER, retentionSchema, type Retention } from './retention.js';

/** What is kept how long, for programs and for people. */
export const policySchema = z.object({
  object: z.literal('policy'),
  /** Where the operator has published a policy of their own, with whom to ask. */
  url: z.string().nullable(),
  /** What is in force for the key that asks. */
  retention: retentionSchema,
  /** What is in force for keys that say nothing else. */
  installation: retentionSchema,
  /** A sentence for each rule of `retention`, and for what is the same for everybody. */
  statements: z.array(z.object({ about: z.string(), text: z.string() })),
});

export type Policy = z.infer<typeof policySchema>;

/** @param url of the operator's own policy */
export function policyOf(retention: Retention, installation: Retention, url: string | null): Policy {
  const sentences = Object.entries(SENTENCES) as [keyof Retention, (value: never) => string][];
  const rules = sentences.map(([about, say]) => ({ about, text: say(retention[about] as never) }));
  return { object: 'policy', url, retention, installation, statements: [...rules, ...FOR_EVERYBODY] };
}

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;

const SENTENCES: { readonly [R in keyof Retention]: (value: Retention[R]) => string } = {
  photos_days(days) {
    if (days === FOREVER) return 'Enrolment photos are kept until the person or the key is deleted.';
    if (days === 0) {
      return 'Enrolment photos are not kept: they are deleted once the numbers that recognition needs were taken from them.';
    }
    return `Enrolment photos are deleted ${count(days, 'day')} after they came; the numbers taken from them stay until the person is deleted.`;
  },
  results_hours: (hours) =>
    `Jobs and their results can be read for ${count(hours, 'hour')} after their end, and are deleted then.`,
  audit_days: (days) =>
    `Where a key keeps an audit log of who was recognised and who asked, its entries are deleted after ${count(days, 'day')}.`,
};

const FOR_EVERYBODY = [
  {
    about: 'uploads',
    text: 'Photos on their way to a worker are deleted when their job ends, after a crash at the latest 24 hours and 15 minutes after they came.',
  },
  {
    about: 'erasure',
    text: 'Whoever asks for it has a person deleted at once: photos, numbers, results and all models that knew the person (DELETE /v1/subjects/{label}).',
  },
];
