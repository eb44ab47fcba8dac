import { FaceHashError, type JobHandle } from '@facehash/client';
import { printError } from '../print-error.js';
import { problemOf } from '../problem-of.js';
import { photoFile } from '../photo-file.js';
import { photoFiles } from '../photo-files.js';

export interface Answered<Result> {
  readonly photo: string;
  readonly result: Result;
}

/**
 * Sends photos one by one. With `isJson` a line is printed for each: the job, and the photo as "file".
 * @param paths files; a folder stands for the images in it
 */
export async function eachPhoto<Result>(
  paths: readonly string[],
  isJson: boolean,
  send: (photo: File) => Promise<JobHandle<Result>>,
): Promise<Answered<Result>[]> {
  const answered: Answered<Result>[] = [];
  for (const photo of await photoFiles(paths)) {
    try {
      const job = await send(await photoFile(photo));
      const result = await job.result();
      if (isJson) console.log(JSON.stringify({ file: photo, ...job.latest }));
      answered.push({ photo, result });
    } catch (error) {
      if (!isAboutPhoto(error)) throw error;
      // One bad photo does not cost the others their answer.
      process.exitCode = 1;
      if (isJson) console.log(JSON.stringify({ file: photo, error: problemOf(error) }));
      else printError(error, photo);
    }
  }
  return answered;
}

const PHOTO_STATUSES = new Set([413, 415, 422]);

const isAboutPhoto = (error: unknown): error is FaceHashError =>
  error instanceof FaceHashError && PHOTO_STATUSES.has(error.status ?? 0);
