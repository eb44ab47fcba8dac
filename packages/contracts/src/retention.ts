import { z } from 'zod';

/** No end. A word, since 0 means "not at all" and null "as the installation". */
export const FOREVER = 'forever';

/** Ten years; who means longer means for ever. */
const MAX_DAYS = 3650;
/** Results lie in Redis' memory. */
const MAX_RESULTS_HOURS = 7 * 24;

const daysOrForever = z.union([z.literal(FOREVER), z.int().min(0).max(MAX_DAYS)], {
  error: `expected 0 to ${MAX_DAYS} days, or "${FOREVER}"`,
});

/** How long what may be kept, each with the setting that says so for every key that does not say otherwise. */
export const RETENTION_RULES = {
  /** Enrolment photos, once their features were taken; recognition needs the features alone. */
  photos_days: { schema: daysOrForever, setting: 'FACEHASH_PHOTOS_DAYS', standard: FOREVER },
  /** Jobs with their results, from their end. */
  results_hours: {
    schema: z.int().min(1).max(MAX_RESULTS_HOURS),
    setting: 'FACEHASH_RESULTS_HOURS',
    standard: 24,
  },
  /** Entries of the audit log. */
  audit_days: {
    schema: z.int().min(1).max(MAX_DAYS),
    setting: 'FACEHASH_AUDIT_DAYS',
    // The EU's AI Act, article 26(6), asks for six months at least.
    standard: 365,
  },
} as const;

type Rules = typeof RETENTION_RULES;
export type RetentionRule = keyof Rules;

export const RETENTION_RULE_NAMES = Object.keys(RETENTION_RULES) as RetentionRule[];

/** An object with a member for each rule. */
const forEachRule = <T>(make: (rule: RetentionRule) => T): Record<RetentionRule, T> =>
  Object.fromEntries(RETENTION_RULE_NAMES.map((rule) => [rule, make(rule)])) as Record<RetentionRule, T>;

/** What is in force. */
export const retentionSchema = z.object(
  forEachRule((rule) => RETENTION_RULES[rule].schema) as { [R in RetentionRule]: Rules[R]['schema'] },
);
export type Retention = z.infer<typeof retentionSchema>;

/** What a key says of its own; null = as the installation. */
export const keyRetentionSchema = z.object(
  forEachRule((rule) => RETENTION_RULES[rule].schema.nullable().default(null)) as {
    [R in RetentionRule]: z.ZodDefault<z.ZodNullable<Rules[R]['schema']>>;
  },
);
export type KeyRetention = z.infer<typeof keyRetentionSchema>;

export const AS_THE_INSTALLATION: KeyRetention = keyRetentionSchema.parse({});

/** A change of some of a key's rules. */
export const keyRetentionChangeSchema = z.strictObject(
  forEachRule((rule) => RETENTION_RULES[rule].schema.nullable().optional()) as {
    [R in RetentionRule]: z.ZodOptional<z.ZodNullable<Rules[R]['schema']>>;
  },
);

export function retentionOf(own: KeyRetention, installation: Retention): Retention {
  return forEachRule((rule) => own[rule] ?? installation[rule]) as Retention;
}
