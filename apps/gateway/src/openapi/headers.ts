interface Header {
  readonly description: string;
  readonly schema: {
    readonly type: 'string' | 'integer';
    readonly minimum?: number;
    readonly pattern?: string;
  };
  readonly example?: string | number;
}

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;

/** As `parseIdempotencyKey` reads it: quoted, or bare. */
const IDEMPOTENCY_KEY = '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[-!#-+.-~]{1,255})$';

export const REQUEST_HEADERS = {
  Prefer: {
    description:
      'RFC 7240. `wait=N` keeps the answer back until the job has ended, for up to N seconds (60 at most); ' +
      '`respond-async` does not wait. What is not understood is ignored.',
    schema: text,
    example: 'wait=10',
  },
  'Idempotency-Key': {
    description:
      'Makes it safe to send the request again: with the same key and the same content it is answered with its first job, ' +
      'for 24 hours. 1 to 255 characters, in quotes or without; a UUID is best.',
    schema: { type: 'string', pattern: IDEMPOTENCY_KEY },
    example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
  },
  'If-None-Match': {
    description: 'The `ETag` of an earlier answer: 304 while nothing has changed.',
    schema: text,
  },
  'Last-Event-ID': {
    description: 'The id of the last event seen; nothing is told twice. An EventSource sends it by itself.',
    schema: text,
  },
} as const satisfies Record<string, Header>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;

export const RESPONSE_HEADERS = {
  'X-Request-Id': {
    description:
      "The request's `X-Request-Id` where one of A-Z a-z 0-9 . _ - came (128 at most), else a new one. It is in the logs.",
    schema: text,
  },
  Allow: { description: 'The methods this address takes.', schema: text },
  'Cache-Control': { description: '`no-store`: answers are about people.', schema: text },
  'Content-Disposition': { description: '`attachment`, with the name to save it under.', schema: text },
  ETag: { description: 'Send it back as `If-None-Match`.', schema: text },
  'Idempotency-Replayed': {
    description: '`true`: the request was sent before, and this is the job it became then.',
    schema: text,
  },
  Location: { description: 'Where what was made can be read.', schema: text },
  'Preference-Applied': { description: 'The preference that was followed.', schema: text },
  RateLimit: { description: 'Requests left to the key (`r`) for so many seconds (`t`).', schema: text },
  'RateLimit-Policy': { description: 'Requests a key has (`q`) in so many seconds (`w`).', schema: text },
  'Retry-After': { description: 'Seconds after which it is worth asking again.', schema: count },
  'WWW-Authenticate': { description: '`Bearer`.', schema: text },
} as const satisfies Record<string, Header>;

export type ResponseHeader = keyof typeof RESPONSE_HEADERS;
