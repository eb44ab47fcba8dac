/** Longer waits meet the idle limits of proxies; poll again instead. */
const MAX_WAIT_S = 60;

export interface Preferences {
  /** Seconds the caller is ready to wait for the job's end; 0 = not at all. */
  readonly waitS: number;
  readonly respondAsync: boolean;
}

/** The `Prefer` header (RFC 7240): the first of equal preferences counts, what is not understood is ignored. */
export function parsePrefer(header: string | undefined): Preferences {
  const preferences = (header ?? '').split(',').map((preference) => preference.split(';', 1).join('').trim());
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/i.exec(preference)?.[1]);
  return {
    waitS: Math.min(Number(wait.find((seconds) => seconds !== undefined) ?? 0), MAX_WAIT_S),
    respondAsync: preferences.some((preference) => preference.toLowerCase() === 'respond-async'),
  };
}
