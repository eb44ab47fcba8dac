import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A forest as the addon hands it out: nothing can be done with it but to pass it back. */
export type ForestHandle = object & { readonly __forest: never };

/** What native/addon.cc registers; each function is described in the header of the same name. */
export interface Binding {
  open(flatModelPath: string): Promise<ForestHandle>;
  points(forest: ForestHandle): number;
  predict(
    forest: ForestHandle,
    pixels: Uint8Array,
    width: number,
    height: number,
    boxes: Float64Array,
  ): Promise<Float32Array>;
  close(forest: ForestHandle): void;
  flatten(datPath: string, flatModelPath: string): Promise<void>;
}

/** The only place that knows where the addon lies. Loaded at the first use, so that importing does nothing. */
export function loadBinding(): Binding {
  const addon = new URL('../build/Release/dlib_node.node', import.meta.url); // seen alike from src/ and dist/
  if (!existsSync(addon)) {
    throw new Error(`The dlib addon is not built (no ${fileURLToPath(addon)}). Build it: npm run setup`);
  }
  try {
    return createRequire(import.meta.url)(fileURLToPath(addon)) as Binding;
  } catch (cause) {
    throw new Error('The dlib addon does not load here. Build it again on this machine: npm run setup', {
      cause,
    });
  }
}
