import { FaceHashError } from '@facehash/client';
import { isAppError } from '@facehash/contracts';

/**
 * One line on standard error; the code of the error table first where there is one, for whoever greps.
 * @param about what it happened to, where the text does not tell
 */
export function printError(error: unknown, about?: string): void {
  const code = error instanceof FaceHashError || isAppError(error) ? `${error.code}: ` : '';
  const subject = about === undefined ? '' : `${about}: `;
  console.error(`facehash: ${code}${subject}${error instanceof Error ? error.message : String(error)}`);
  const isNoAnswer =
    error instanceof FaceHashError && error.code === 'UNAVAILABLE' && error.status === undefined;
  if (isNoAnswer) console.error('`facehash up` starts a server on this machine.');
}
