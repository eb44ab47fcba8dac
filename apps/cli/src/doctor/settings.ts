import { fileURLToPath } from 'node:url';
import type { CliConfig } from '../config.js';
import type { DataDir } from '../data-dir.js';

/** Where everything is expected that the doctor looks at. */
export interface DoctorSettings {
  readonly dataDir: string;
  readonly gatewayUrl: string | undefined;
  readonly redisUrl: string;
  readonly storageUrl: string;
  readonly landmarkModelPath: string;
  readonly cascadesDir: string;
  readonly backend: string;
}

/** As the worker's own defaults. */
export const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** Settings of the environment win over what runs on the data directory, and that over the defaults of the processes. */
export async function doctorSettings(
  dataDir: DataDir,
  { environment, url, storageUrl }: CliConfig,
  givenUrl?: string,
): Promise<DoctorSettings> {
  const up = await dataDir.readUp();
  return {
    dataDir: dataDir.path,
    gatewayUrl: givenUrl ?? url ?? up?.url,
    redisUrl: environment.FACEHASH_REDIS_URL ?? up?.redisUrl ?? 'redis://127.0.0.1:6379',
    storageUrl: storageUrl ?? dataDir.storageUrl,
    landmarkModelPath:
      environment.FACEHASH_LANDMARK_MODEL ?? inRepository('.facehash/models/landmarks-68.flat'),
    cascadesDir: environment.FACEHASH_CASCADES_DIR ?? inRepository('haarcascades'),
    backend: environment.FACEHASH_BACKEND ?? 'auto',
  };
}
