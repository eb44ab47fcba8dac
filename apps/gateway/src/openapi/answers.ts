import { ERROR_TABLE, PROBLEM_CONTENT_TYPE, type ErrorCode } from '@facehash/contracts';
import { z } from 'zod';
import { RESPONSE_HEADERS, type ResponseHeader } from './headers.js';
import { reference } from './json-schema.js';
import type { Answer, Operation } from './operation.js';
import { problemsOf } from './problems-of.js';
import { ANSWER_SCHEMAS } from './schema-names.js';

export interface OpenApiResponse {
  readonly description: string;
  readonly headers: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

/** Everything an operation can answer, by status. */
export function answersOf(operation: Operation, problem: { $ref: string }): Record<string, OpenApiResponse> {
  const answers = operation.answers.flatMap((answer) => withETag(operation, answer));
  // Off where the operator sets no limit.
  const limits: ResponseHeader[] = isCounted(operation) ? ['RateLimit', 'RateLimit-Policy'] : [];
  return {
    ...Object.fromEntries(answers.map((answer) => [answer.status, toResponse(answer, limits)])),
    ...problemResponses(problemsOf(operation), problem, limits),
  };
}

const isCounted = ({ access }: Operation): boolean => access !== 'open' && access !== 'admin';

/** Express gives every JSON body an ETag, and answers a GET that names it with 304. */
function withETag({ method }: Operation, answer: Answer): Answer[] {
  if (!(answer.body instanceof z.ZodType)) return [answer];
  const { headers = [] } = answer;
  const tagged: Answer = { ...answer, headers: [...headers, 'ETag'] };
  if (method !== 'get') return [tagged];
  return [
    tagged,
    { status: 304, description: 'Nothing has changed since the `ETag` that was sent.', headers: ['ETag'] },
  ];
}

function toResponse(
  { description, body, headers = [], optionalHeaders = [] }: Answer,
  limits: readonly ResponseHeader[],
): OpenApiResponse {
  return {
    description,
    headers: toHeaders(['X-Request-Id', ...headers], [...optionalHeaders, ...limits]),
    ...(body && { content: toContent(body) }),
  };
}

function toContent(body: NonNullable<Answer['body']>): Record<string, { schema?: object }> {
  if (body instanceof z.ZodType) return { 'application/json': { schema: reference(ANSWER_SCHEMAS, body) } };
  return { [body.mediaType]: {} };
}

/** One response a status: it lists the codes that come with it. */
function problemResponses(
  codes: readonly ErrorCode[],
  problem: { $ref: string },
  limits: readonly ResponseHeader[],
) {
  const statuses = [...new Set(codes.map((code) => ERROR_TABLE[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status): [number, OpenApiResponse] => {
      const here = codes.filter((code) => ERROR_TABLE[code].status === status).sort();
      const always: ResponseHeader[] = ['X-Request-Id', 'Cache-Control'];
      if (status === 401) always.push('WWW-Authenticate');
      const waits = here.some((code) => ERROR_TABLE[code].retryable);
      if (status === 503) always.push('Retry-After');
      const optional: ResponseHeader[] = waits && status !== 503 ? ['Retry-After'] : [];
      const properties = { status: { const: status }, code: { enum: here } };
      const schema = { allOf: [problem, { type: 'object', properties }] };
      return [
        status,
        {
          description: here.map((code) => `\`${code}\`: ${ERROR_TABLE[code].title}.`).join(' '),
          headers: toHeaders(always, [...optional, ...limits]),
          content: { [PROBLEM_CONTENT_TYPE]: { schema } },
        },
      ];
    }),
  );
}

/** Those of components are the required ones. */
function toHeaders(always: readonly ResponseHeader[], optional: readonly ResponseHeader[]) {
  return Object.fromEntries([
    ...always.map((name): [string, object] => [name, { $ref: `#/components/headers/${name}` }]),
    ...optional.map((name): [string, object] => [name, RESPONSE_HEADERS[name]]),
  ]);
}
