import type { KeyResource } from '@facehash/contracts';
import Table from 'cli-table3';

/** One line per key; the last column says whether it still opens anything. */
export function keysTable(keys: readonly KeyResource[], now: Date): string {
  const table = new Table({
    head: ['key', 'name', 'scopes', 'created', 'state'],
    style: { head: [], border: [] },
  });
  for (const key of keys) {
    table.push([key.id, key.name, key.scopes.join(', '), day(key.created_at), stateOf(key, now)]);
  }
  return table.toString();
}

function stateOf({ revoked_at, expires_at, secrets }: KeyResource, now: Date): string {
  if (revoked_at !== null) return `revoked ${day(revoked_at)}`;
  if (expires_at !== null && new Date(expires_at) <= now) return `expired ${day(expires_at)}`;
  const taking = secrets.some((secret) => secret.expires_at !== null && new Date(secret.expires_at) > now);
  const words = [
    taking ? 'live, two secrets' : 'live',
    expires_at === null ? '' : `until ${day(expires_at)}`,
  ];
  return words.filter((word) => word !== '').join(', ');
}

const day = (time: string): string => time.slice(0, 'yyyy-mm-dd'.length);
