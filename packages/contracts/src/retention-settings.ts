import { z } from 'zod';
import { RETENTION_RULE_NAMES, RETENTION_RULES, retentionSchema, type Retention } from './retention.js';

type Setting = (typeof RETENTION_RULES)[keyof Retention]['setting'];

/** Not by `z.coerce`, which takes an empty setting for 0: all photos would go. */
const toValue = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** The installation's lifetimes, by the names of their settings. Gateways and workers are to have the same. */
export const RETENTION_SETTINGS = Object.fromEntries(
  RETENTION_RULE_NAMES.map((rule) => {
    const { schema, setting, standard } = RETENTION_RULES[rule];
    return [
      setting,
      z
        .string()
        .trim()
        .transform(toValue)
        .pipe(schema)
        .default(standard as never),
    ];
  }),
) as unknown as Record<Setting, z.ZodType<string | number>>;

/** Requires: settings that were parsed. */
export function retentionSettings(values: Readonly<Record<Setting, unknown>>): Retention {
  return retentionSchema.parse(
    Object.fromEntries(RETENTION_RULE_NAMES.map((rule) => [rule, values[RETENTION_RULES[rule].setting]])),
  );
}

/** What is in force where nothing is set. */
export const STANDARD_RETENTION: Retention = retentionSchema.parse(
  Object.fromEntries(RETENTION_RULE_NAMES.map((rule) => [rule, RETENTION_RULES[rule].standard])),
);
