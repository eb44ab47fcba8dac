import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { processIdentitySchema } from './up/process-identity.js';

export const DEFAULT_DATA_DIR = '.facehash/data';

/** `up.json`: the server that runs on this folder, and the processes it consists of. */
const upFileSchema = z.object({
  url: z.url(),
  /** With its password, as only the owner reads this file. */
  redisUrl: z.string().optional(),
  pid: z.int(),
  /** `up` itself and its children; what is left of them after a crash is ended by the next `up`. */
  processes: z.array(processIdentitySchema),
});

/** `cli.json`: the key that `train` and `recognize` use unless told otherwise. */
const cliFileSchema = z.object({ keyId: z.string(), secret: z.string(), url: z.url().optional() });

type UpFile = z.infer<typeof upFileSchema>;
type CliFile = z.infer<typeof cliFileSchema>;

/** The folder a server on one machine lives in. Nothing is created before it is written to. */
export interface DataDir {
  readonly path: string;
  readonly redisDir: string;
  readonly storageUrl: string;
  readUp(): Promise<UpFile | undefined>;
  writeUp(file: UpFile): Promise<void>;
  removeUp(): Promise<void>;
  readCli(): Promise<CliFile | undefined>;
  /** @returns whether it is kept. Never an error: a secret that was just made must still be shown, as in a read-only container */
  writeCli(file: CliFile): Promise<boolean>;
}

export function openDataDir(dir: string): DataDir {
  const path = resolve(dir);
  const upFile = join(path, 'up.json');
  const cliFile = join(path, 'cli.json');
  return {
    path,
    redisDir: join(path, 'redis'),
    storageUrl: pathToFileURL(join(path, 'storage')).href,
    readUp: () => readJson(upFile, upFileSchema),
    writeUp: (file) => writeJson(upFile, file),
    removeUp: () => rm(upFile, { force: true }),
    readCli: () => readJson(cliFile, cliFileSchema),
    writeCli: (file) =>
      writeJson(cliFile, file).then(
        () => true,
        () => false,
      ),
  };
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged; delete it and try again`, { cause });
  }
}

/** For the owner only, as a secret may be inside; renamed into place, so that a reader never sees half a file. */
async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
