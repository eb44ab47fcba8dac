import { isAppError } from '@facehash/contracts';

/** One line on standard error; the code of the error table first where there is one, for whoever greps. */
export function printError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(isAppError(error) ? `facehash: ${error.code}: ${message}` : `facehash: ${message}`);
}
