import { RETENTION_RULE_NAMES, RETENTION_RULES, type KeyRetention } from '@facehash/contracts';
import { InvalidArgumentError, type Command } from 'commander';

/** A word, as 0 means something else, and null is no value that commander hands on. */
export const AS_EVERY_KEY = 'default';

const DESCRIPTIONS = {
  photos_days: 'keep enrolment photos for so many days; 0 = not at all, forever = no end',
  results_hours: 'keep jobs with their results for so many hours',
  audit_days: 'keep entries of the audit log for so many days',
} satisfies Record<keyof KeyRetention, string>;

const flagOf = (rule: string): string => rule.replaceAll('_', '-');
const optionOf = (rule: string): string =>
  flagOf(rule).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** An option for each lifetime a key may have of its own, such as `--photos-days 30`. */
export function addRetentionOptions(command: Command): Command {
  for (const rule of RETENTION_RULE_NAMES) {
    const description = `${DESCRIPTIONS[rule]}; ${AS_EVERY_KEY} = as every key`;
    command.option(`--${flagOf(rule)} <n>`, description, (text) => valueOf(rule, text));
  }
  return command;
}

/** What was said of lifetimes; a rule that was not named is not there. */
export function retentionIn(options: object): Partial<KeyRetention> {
  const values = new Map(Object.entries(options as Readonly<Record<string, unknown>>));
  return Object.fromEntries(
    RETENTION_RULE_NAMES.filter((rule) => values.has(optionOf(rule))).map((rule) => {
      const value = values.get(optionOf(rule));
      return [rule, value === AS_EVERY_KEY ? null : value];
    }),
  );
}

function valueOf(rule: keyof KeyRetention, text: string): unknown {
  if (text === AS_EVERY_KEY) return text;
  const parsed = RETENTION_RULES[rule].schema.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]!.message);
}
