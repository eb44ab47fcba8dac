/**
 * Runs a process' start. Whatever it cannot start with is told in the error's own words on stderr, without a stack:
 * whoever reads it sits before a terminal and wants to know what to do.
 */
export function run(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`facehash gateway: ${reason}\n`);
    process.exit(1);
  });
}

/** Names the setting behind a service that cannot be opened; the cause, hidden from callers, is what an operator needs. */
export async function explain<T>(setting: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    throw new Error(`${message}${reason} Check ${setting}.`, { cause: error });
  }
}
