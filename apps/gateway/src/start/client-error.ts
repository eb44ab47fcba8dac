import { AppError, newId, PROBLEM_CONTENT_TYPE, toProblem } from '@facehash/contracts';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers what Node's parser refuses before there is a request: a line that is no HTTP, headers that are too large or
 * come too slowly. Node itself would answer without a word about why.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegunToAnswer(socket)) {
    socket.destroy();
    return;
  }
  const requestId = newId('request');
  const problem = toProblem(asAppError(error), requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    'Cache-Control: no-store',
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Asked as Node's own handler does: a second answer in the middle of a first would be neither. */
const hasBegunToAnswer = (socket: Duplex & { readonly _httpMessage?: ServerResponse }): boolean =>
  socket._httpMessage?.headersSent === true;

function asAppError(error: NodeJS.ErrnoException): AppError {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return new AppError('HEADERS_TOO_LARGE', 'Expected headers of at most 16 KiB together; more came.');
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new AppError(
      'REQUEST_TIMED_OUT',
      'Expected the whole request within the time for it; it came too slowly.',
    );
  }
  return new AppError(
    'INVALID_REQUEST',
    `Expected HTTP/1.1; ${error.code ?? 'something else'}: ${error.message}.`,
  );
}
