import type { Problem } from '@facehash/contracts';
import { assertDocumented, documentedFetch } from '@facehash/testkit';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Sends a request and reads the JSON answer (undefined where there is no body), which must be as documented. */
export async function send<T = Problem>(url: string, init?: RequestInit): Promise<Answer<T>> {
  const response = await documentedFetch(url, init);
  const text = await response.text();
  const { status, headers } = response;
  const body = (text === '' ? undefined : JSON.parse(text)) as T;
  return { status, headers, body };
}

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** An open POST whose body the test writes by hand, to stop or to break off where it likes. */
export function openPost(url: string, headers: Record<string, string>): ClientRequest {
  const post = request(url, { method: 'POST', headers });
  // A request that the test breaks off fails; that is the point.
  post.on('error', () => undefined);
  return post;
}

/** The status of the answer to an open POST, as soon as it comes; the answer must be as documented. */
export async function statusOf(post: ClientRequest): Promise<number> {
  const [response] = (await once(post, 'response')) as [IncomingMessage];
  const status = response.statusCode!;
  const headers = new Headers(response.headers as Record<string, string>);
  const url = new URL(post.path, 'http://localhost').href;
  assertDocumented({ method: 'POST', url, status, headers, text: await readText(response) });
  return status;
}

/** Polls until `condition` holds. */
export async function eventually(
  condition: () => Promise<boolean> | boolean,
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
