/** pino's numbers. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** On every line of a process and of no use to someone who watches it in a terminal. */
const NOT_SHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'app']);

/** A line of pino's JSON as `level message key=value …`; any other line as it is. */
export function readableLine(line: string): string {
  const entry = parseObject(line);
  if (entry === undefined || typeof entry.msg !== 'string') return line;
  const rest = Object.entries(entry)
    .filter(([key]) => !NOT_SHOWN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [(LEVELS[Number(entry.level)] ?? '').padEnd(5), entry.msg, ...rest].join(' ');
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
