import { assertDocumented } from './documented-answers.js';

/** Kept, so that what follows may stand in its place. */
const plainFetch = fetch;

/** `fetch`, whose answers must be as `docs/openapi.json` tells. @throws Error of an answer that is not */
export const documentedFetch: typeof fetch = async (input, init) => {
  const response = await plainFetch(input, init);
  const { status, headers } = response;
  const [url, method] = input instanceof Request ? [input.url, input.method] : [String(input), 'GET'];
  // Events come as long as the job runs; their form is no JSON.
  const isStream = headers.get('content-type') === 'text/event-stream';
  const text = isStream ? undefined : await response.clone().text();
  assertDocumented({ method: init?.method ?? method, url, status, headers, text });
  return response;
};
