import { strict as assert } from 'node:assert';
import { problemSchema, type Problem } from '@facehash/contracts';
import { documentedFetch } from '@facehash/testkit';
import type { Isolation } from './isolation.js';
import type { Pictures } from './pictures.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** When its request was sent; what was heard later is newer than this answer may be. */
  readonly sentAt: number;
}

/** Speaks to the service with one key. Every answer is searched for what is another key's. */
export interface Caller {
  readonly name: string;
  readonly keyId: string;
  readonly url: string;
  /** Rotations change it. */
  secret: string;
  readonly pictures: Pictures;
  readonly isolation: Isolation;
  ask(method: string, path: string, content?: Content): Promise<Answer>;
  /** As the operator: on behalf of this key, so its answers may hold nothing of another one either. */
  askAsAdmin(method: string, path: string, content?: Content): Promise<Answer>;
  /** Goes on beside the commands that follow; `over` waits for it. */
  meanwhile(work: Promise<unknown>): void;
  over(): Promise<unknown>;
}

interface Content {
  readonly prefer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly fields?: Readonly<Record<string, string>>;
  readonly files?: readonly File[];
  readonly image?: Buffer;
}

export interface File {
  readonly field: string;
  readonly name: string;
  readonly bytes: Buffer;
}

export function createCaller(
  o: Pick<Caller, 'name' | 'keyId' | 'url' | 'secret' | 'pictures' | 'isolation'> & { adminToken: string },
): Caller {
  const send = async (token: string, method: string, path: string, content: Content): Promise<Answer> => {
    const { prefer, json, files } = content;
    const sentAt = performance.now();
    const response = await documentedFetch(new URL(path, o.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(prefer !== undefined && { prefer }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(content.image !== undefined && { 'content-type': 'image/jpeg' }),
        ...content.headers,
      },
      ...bodyOf(content),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, sentAt };
    const sent = [content.headers, json, content.fields, files?.map(({ name }) => name)];
    const said = `${method} ${decodeURIComponent(path)} ${JSON.stringify(sent)}`;
    assert(answer.status < 500, `${said} → ${answer.status} ${text}`);
    assert.match(response.headers.get('content-type') ?? 'none', /json|event-stream|^none$/);
    o.isolation.check(o.name, `${JSON.stringify([...response.headers])} ${text}`, said);
    return answer;
  };
  const beside: Promise<unknown>[] = [];
  return {
    ...o,
    ask(method, path, content = {}) {
      return send(this.secret, method, path, content);
    },
    askAsAdmin: (method, path, content = {}) => send(o.adminToken, method, path, content),
    meanwhile(work) {
      work.catch(() => undefined); // told by `over`
      beside.push(work);
    },
    over: () => Promise.all(beside),
  };
}

function bodyOf({ json, image, fields, files }: Content): { body?: string | Buffer<ArrayBuffer> | FormData } {
  if (json !== undefined) return { body: JSON.stringify(json) };
  if (image !== undefined) return { body: Buffer.from(image) };
  if (fields === undefined && files === undefined) return {};
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) form.set(name, value);
  for (const { field, name, bytes } of files ?? [])
    form.append(field, new Blob([new Uint8Array(bytes)]), name);
  return { body: form };
}

/** The answer's body, which must be one of success. */
export function bodyAs<T>(answer: Answer, schema: { parse(value: unknown): T }): T {
  assert(answer.status < 300, `expected success; ${answer.status} came: ${answer.text}`);
  return schema.parse(JSON.parse(answer.text));
}

/** The answer's problem document, whose code must be one of these. */
export function refusal(answer: Answer, ...codes: readonly string[]): Problem {
  assert(answer.status >= 400, `expected ${codes.join(' or ')}; ${answer.status} came: ${answer.text}`);
  const problem = problemSchema.parse(JSON.parse(answer.text));
  assert(codes.includes(problem.code), `expected ${codes.join(' or ')}; it came: ${answer.text}`);
  assert.equal(problem.status, answer.status);
  return problem;
}
