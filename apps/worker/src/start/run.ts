/**
 * Runs a process' start. Whatever it cannot start with is told in the error's own words on stderr, without a stack:
 * whoever reads it sits before a terminal and wants to know what to do.
 */
export function run(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`facehash worker: ${reason}\n`);
    process.exit(1);
  });
}
