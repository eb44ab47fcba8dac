import { fileURLToPath } from 'node:url';
import { selectBackend } from '@facehash/keras-models';
import type { ObjectStorage } from '@facehash/storage';
import { createFaceAnalyzer, type FaceAnalyzer } from '@facehash/vision';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { createHandlers } from '../handlers/index.js';
import { loadStoredModel } from '../load-stored-model.js';
import { createModelCache } from '../model-cache.js';
import { useStorage } from './use-storage.js';

export type Handlers = ReturnType<typeof createHandlers>;

const inRepository = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** Every handler as a worker has it, over an empty storage for each test of this file, or one for all of them. */
export function useHandlers({ per = 'test' }: { readonly per?: 'file' | 'test' } = {}): {
  readonly storage: ObjectStorage;
  readonly handlers: Handlers;
} {
  const storage = useStorage({ per });
  const handlers = {} as Handlers;
  let analyzer: FaceAnalyzer;
  let backgrounds: Backgrounds;

  beforeAll(async () => {
    await selectBackend('cpu');
    backgrounds = await shippedBackgrounds();
    analyzer = await createFaceAnalyzer({
      cascadesDir: inRepository('haarcascades'),
      landmarkModelPath: inRepository('.facehash/models/landmarks-68.flat'),
      slots: 2,
      maxPixels: 50_000_000,
    });
  });
  (per === 'file' ? beforeAll : beforeEach)(() => {
    const created = createHandlers({
      ...{ storage, analyzer, backgrounds },
      modelCache: createModelCache({ load: loadStoredModel(storage), maxModels: 4 }),
      logger: { warn: () => undefined },
      tellModelsGone: () => Promise.resolve(),
    });
    Object.assign(handlers, created);
  });
  afterAll(() => {
    analyzer.close();
  });
  return { storage, handlers };
}
