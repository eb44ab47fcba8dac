import type { ErrorCode, KeyScope } from '@facehash/contracts';
import type { z } from 'zod';
import type { RequestHeader, ResponseHeader } from './headers.js';

/** Chapters of the documentation, in their order. */
export const TAGS = {
  Recognition: 'Send a photo, get names.',
  Training: 'Teach a key the people it is to recognise.',
  Jobs: 'What was accepted is a job: ask for it, wait for it, watch it, end it.',
  Subjects: 'The people enrolled under a key, and the photos they were enrolled with.',
  Model: 'What a key recognises with.',
  Webhooks: 'Be told instead of asking: signed as Standard Webhooks 1.0.',
  Policy: 'What is kept, and for how long; who was recognised, and who asked.',
  Keys: 'API keys, managed with the admin token.',
  Service: 'Health and documentation; no key is needed.',
} as const;

/** One call of the API as data. The document is made from it, the routes are compared with it, answers are checked against it. */
export interface Operation {
  /** The name under which code generators offer it. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{name}` where the routes have `:name`. */
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  /** Who may call it: anybody, any key, a key with this scope, or the holder of the admin token. */
  readonly access: 'open' | 'key' | KeyScope | 'admin';
  /** What stands for each `{name}` of the path. */
  readonly pathParameters?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: RequestBody;
  readonly answers: readonly Answer[];
  /** Failures of its own; those that come with `access` and with every call are added (`problemsOf`). */
  readonly problems?: readonly ErrorCode[];
}

export interface RequestBody {
  readonly required: boolean;
  readonly json?: z.ZodType;
  readonly form?: {
    readonly fields: z.ZodObject;
    readonly files: Readonly<Record<string, FormFile>>;
    /** Fields that come with each other or not at all. */
    readonly together?: readonly [string, string];
  };
  /** The body may also be one image itself. The text fields of `form` are then the query. */
  readonly image?: boolean;
}

export interface FormFile {
  readonly required: boolean;
  /** Several files may come under the name. */
  readonly many: boolean;
  readonly description: string;
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  /** A schema is answered as JSON and must have a name in `schema-names.ts`. */
  readonly body?: z.ZodType | { readonly mediaType: string };
  /** Headers that always come, beside those of every answer. */
  readonly headers?: readonly ResponseHeader[];
  readonly optionalHeaders?: readonly ResponseHeader[];
}
