import { createHash } from 'node:crypto';

/** What makes two requests the same: what is asked for, with which parameters, about which bytes. */
export interface RequestParts {
  readonly method: string;
  readonly path: string;
  /** As they were understood, so that a default that is spelt out changes nothing. */
  readonly parameters: unknown;
  /** Of each file: its part in the request, and the SHA-256 of its bytes. */
  readonly files: readonly (readonly [part: string, sha256: string])[];
}

/** The order of parameters, and of files with parts of their own, is of no account. */
export function fingerprint({ method, path, parameters, files }: RequestParts): string {
  const text = JSON.stringify([method, path, inOrder(parameters), [...files].sort(byPart)]);
  return createHash('sha256').update(text).digest('hex');
}

const byPart = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, inOrder(member)]));
}
