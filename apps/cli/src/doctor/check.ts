/** What a check has found; where all is not well, one line of advice. */
export type Verdict =
  | { readonly verdict: 'ok'; readonly detail: string }
  | { readonly verdict: 'warn' | 'fail'; readonly detail: string; readonly advice: string };

/** One thing looked at. A rejection is a failure whose detail is the error's message. */
export interface Check<Subject> {
  readonly name: string;
  /** For a rejection: what to do. */
  readonly advice: string;
  readonly run: (subject: Subject) => Promise<Verdict>;
}

export type Finding = Verdict & { readonly name: string };

export const ok = (detail: string): Verdict => ({ verdict: 'ok', detail });
export const warn = (detail: string, advice: string): Verdict => ({ verdict: 'warn', detail, advice });
export const fail = (detail: string, advice: string): Verdict => ({ verdict: 'fail', detail, advice });

export async function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, advice, run } of checks) {
    const verdict = await run(subject).catch((error: unknown) => fail(messageOf(error), advice));
    findings.push({ name, ...verdict });
  }
  return findings;
}

/**
 * As `runChecks`, on what `open` gives; `name` is the finding of the opening itself. Where that fails nothing else can be
 * said, so its checks are left out.
 */
export async function runChecksOn<Subject>(o: {
  readonly name: string;
  readonly advice: string;
  readonly checks: readonly Check<Subject>[];
  readonly open: () => Promise<{
    readonly subject: Subject;
    readonly detail: string;
    readonly close: () => Promise<unknown>;
  }>;
}): Promise<Finding[]> {
  let opened;
  try {
    opened = await o.open();
  } catch (error) {
    return [{ name: o.name, ...fail(messageOf(error), o.advice) }];
  }
  const { subject, detail, close } = opened;
  return [{ name: o.name, ...ok(detail) }, ...(await runChecks(o.checks, subject).finally(close))];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
