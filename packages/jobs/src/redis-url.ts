/** Where FACEHASH_REDIS_URL says that Redis is. */
export interface RedisPlace {
  /** One server; the servers of a cluster, any of which names the others; or Sentinels, which name the server to use. */
  readonly kind: 'single' | 'cluster' | 'sentinel';
  readonly tls: boolean;
  /** At least one; more than one only of a cluster's servers or Sentinels. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** Of the servers that hold the data. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  /** What the Sentinels call the server; '' unless there are Sentinels. */
  readonly master: string;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
}

const KINDS = { '': 'single', '+cluster': 'cluster', '+sentinel': 'sentinel' } as const;
const PORTS = { single: 6379, cluster: 6379, sentinel: 26379 } as const;

const FORMS = [
  'redis://[user:password@]host:port[/db]',
  'redis+sentinel://[user:password@]host:port,host:port/name[/db]',
  'redis+cluster://[user:password@]host:port,host:port',
].join(', ');

/** A URL with several hosts is none to `new URL`. Everything up to the last @ is credentials: a password may hold one. */
const SHAPE =
  /^redis(s?)(|\+cluster|\+sentinel):\/\/(?:([^/?#]*)@)?([^/?#@]+)((?:\/[^/?#]*)*)(?:\?([^#]*))?$/;

/**
 * `rediss` instead of `redis` is TLS. Names and passwords are percent-encoded where a URL gives a character a meaning.
 * @throws Error that says which part is wrong and never repeats the URL, for it holds a password
 */
export function parseRedisUrl(url: string): RedisPlace {
  const [, tls, form, credentials, hostList = '', path = '', query = ''] = SHAPE.exec(url) ?? [];
  if (form === undefined) throw malformed('this is none of them');
  const kind = KINDS[form as keyof typeof KINDS];
  const hosts = hostList.split(',').map((host) => toHost(host, PORTS[kind]));
  if (kind === 'single' && hosts.length > 1) {
    throw malformed('several hosts are redis+cluster:// or redis+sentinel://');
  }

  const { username, password } = toCredentials(credentials);
  const segments = path.split('/').slice(1).map(decoded);
  const master = kind === 'sentinel' ? (segments.shift() ?? '') : '';
  if (kind === 'sentinel' && master === '') throw malformed("the Sentinels' name of the server is missing");
  const [db = '', ...rest] = segments;
  if (!/^\d{0,5}$/.test(db) || rest.length > 0) throw malformed('the number of the database ends it');
  if (kind === 'cluster' && Number(db) !== 0) throw malformed('a cluster has the database 0 only');

  const options = new URLSearchParams(query);
  const sentinelUsername = options.get('sentinel_username') ?? undefined;
  const sentinelPassword = options.get('sentinel_password') ?? undefined;
  for (const name of options.keys()) {
    if (kind !== 'sentinel' || !/^sentinel_(username|password)$/.test(name)) {
      throw malformed(`the option "${name}" is unknown; there are sentinel_username and sentinel_password`);
    }
  }
  return {
    ...{ kind, tls: tls === 's', hosts, username, password, db: Number(db), master },
    ...{ sentinelUsername, sentinelPassword },
  };
}

/** As `host:port,host:port`, with the kind and without any password: for messages. */
export function describeRedisUrl(url: string): string {
  const { kind, hosts, master } = parseRedisUrl(url);
  const all = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  if (kind === 'sentinel') return `${master} of the Sentinels ${all}`;
  return kind === 'cluster' ? `cluster ${all}` : all;
}

function toHost(text: string, defaultPort: number): { host: string; port: number } {
  const [, ipv6, name, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = ipv6 ?? name;
  const number = Number(port ?? defaultPort);
  if (host === undefined || number < 1 || number > 65_535) {
    throw malformed('a host is name:port or [IPv6]:port, and several are separated by commas');
  }
  return { host, port: number };
}

function toCredentials(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined) return {};
  const [name = '', ...rest] = text.split(':');
  return {
    ...(name !== '' && { username: decoded(name) }),
    ...(rest.length > 0 && { password: decoded(rest.join(':')) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('a % must be written %25');
  }
}

const malformed = (why: string): Error => new Error(`FACEHASH_REDIS_URL is to be one of ${FORMS}: ${why}.`);
