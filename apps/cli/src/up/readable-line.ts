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
  const fields = Object.entries(entry)
    .filter(([key]) => !NOT_SHOWN.has(key))
    .map(([key, value]) => `${key}=${shortened(key, value)}`);
  return [(LEVELS[Number(entry.level)] ?? '').padEnd(5), entry.msg, ...fields].join(' ');
}

/** Of pino's serialised requests, answers and errors the one line that a reader looks for. */
function shortened(key: string, value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if (key === 'req' && 'method' in value && 'url' in value)
      return `"${String(value.method)} ${String(value.url)}"`;
    if (key === 'res' && 'statusCode' in value) return String(value.statusCode);
    if (key === 'err' && 'message' in value) return `"${String(value.message)}"`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
