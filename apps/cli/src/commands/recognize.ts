import {
  AppError,
  isAppError,
  MAX_FACES,
  recognizeResultSchema,
  toProblem,
  type Job,
} from '@facehash/contracts';
import type { Command } from 'commander';
import { createApiClient, type ApiClient } from '../api-client.js';
import type { CliConfig } from '../config.js';
import { findServer, type ConnectionOptions } from '../connection.js';
import { facesTable, type FacesOfPhoto } from '../faces-table.js';
import { photoFiles } from '../photo-files.js';
import { printError } from '../print-error.js';
import { addConnectionOptions, noteWait } from './connection-options.js';
import { failureOf } from './job-failure.js';
import { wholeNumber } from './whole-number.js';

type RecognizeOptions = ConnectionOptions & { maxFaces: number; json?: true };

export function addRecognizeCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('recognize')
    .description('say who is on photos')
    .argument('<photo...>', 'photos; a folder stands for the images in it')
    .option('--max-faces <n>', 'more than the largest face: up to n', wholeNumber(1, MAX_FACES), 1)
    .option('--json', 'print a line of JSON per photo: the job, and the photo as "file"');
  addConnectionOptions(command).action(async (paths: string[], options: RecognizeOptions) => {
    const photos = await photoFiles(paths);
    const client = createApiClient({ ...(await findServer(options, config)), onWait: noteWait });
    const rows: FacesOfPhoto[] = [];
    for (const photo of photos) {
      try {
        const job = await recognize(client, photo, options.maxFaces);
        if (options.json === true) console.log(JSON.stringify({ file: photo, ...job }));
        rows.push({ photo, faces: recognizeResultSchema.parse(job.result).faces });
      } catch (error) {
        if (!isAboutPhoto(error)) throw error;
        // One bad photo does not cost the others their answer.
        process.exitCode = 1;
        if (options.json === true) console.log(JSON.stringify({ file: photo, error: toProblem(error) }));
        else printError(new AppError(error.code, `${photo}: ${error.message}`));
      }
    }
    if (options.json !== true) console.log(facesTable(rows));
  });
}

/** @throws AppError also when the job failed */
async function recognize(client: ApiClient, photo: string, maxFaces: number): Promise<Job> {
  const job = await client.ended(await client.recognize(photo, maxFaces), () => undefined);
  if (job.error !== null) throw failureOf(job.error);
  return job;
}

const PHOTO_STATUSES = new Set([413, 415, 422]);

const isAboutPhoto = (error: unknown): error is AppError =>
  isAppError(error) && PHOTO_STATUSES.has(error.status);
