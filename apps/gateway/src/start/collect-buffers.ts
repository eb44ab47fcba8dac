import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Dead buffers that may pile up. With 24 MB the bench below peaked at 188 to 196 MB, with 32 MB at 193 to 203. */
const DEAD_BYTES = 16 * 1024 * 1024;
const LOOK_MS = 50;

/**
 * Every chunk of an upload is a buffer outside V8's heap. V8 lets 64 MB of dead ones pile up before it begins to look
 * for them, and more where its threads get no processor: `bench/held-uploads` then peaks anywhere from 166 to
 * 231 MB, with this at 187 to 191 (two busy cores, November 2026).
 * Collecting on our own account bounds that, at no cost while nothing is uploaded.
 */
export function collectBuffers(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const look = bufferCollection({ bytes: () => process.memoryUsage().arrayBuffers, collect });
  setInterval(look, LOOK_MS).unref();
}

/** A function to call now and then; it collects when buffers have grown by `DEAD_BYTES` over what was last alive. */
export function bufferCollection(o: { bytes: () => number; collect: () => void }): () => void {
  let alive = 0;
  return () => {
    alive = Math.min(alive, o.bytes());
    if (o.bytes() <= alive + DEAD_BYTES) return;
    o.collect();
    alive = o.bytes();
  };
}
