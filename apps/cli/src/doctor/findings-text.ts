import type { Finding } from './check.js';

const MARKS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

/** A line a finding, advice below it, and how it stands in all. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.flatMap((finding) => {
    const line = `${MARKS[finding.verdict]}  ${finding.name}: ${finding.detail}`;
    return finding.verdict === 'ok' ? [line] : [line, `      → ${finding.advice}`];
  });
  const count = (verdict: Finding['verdict']) => findings.filter((f) => f.verdict === verdict).length;
  return [...lines, '', `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`].join('\n');
}
