import { asFile, type Photo } from './photo.js';
import type { Body } from './send.js';

export interface FormParts {
  /** Lists go with commas, other objects as JSON; what is undefined is left out. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly (readonly [field: string, photo: Photo])[];
}

/** @param onSent called with the share of the photos' bytes that have been read, 0 to 1 */
export function formBody({ fields, files }: FormParts, onSent?: (share: number) => void): Body {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, toText(value));
  }
  let total = 0;
  for (const [at, [field, photo]] of files.entries()) {
    const [blob, name] = asFile(photo, at);
    total += blob.size;
    form.append(field, blob, name);
  }
  return onSent === undefined || isBrowser() ? { content: form } : counted(form, total, onSent);
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Browsers send streams over HTTP/2 only, or not at all. */
const isBrowser = (): boolean => 'window' in globalThis || 'WorkerGlobalScope' in globalThis;

/** The form as a stream that counts: fetch itself tells nobody how far an upload has come. */
function counted(form: FormData, total: number, onSent: (share: number) => void): Body {
  const encoded = new Response(form);
  let sent = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      onSent(Math.min(1, sent / Math.max(1, total)));
      controller.enqueue(chunk);
    },
  });
  return {
    content: encoded.body!.pipeThrough(count),
    contentType: encoded.headers.get('content-type')!,
  };
}
