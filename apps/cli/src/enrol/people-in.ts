import type { PersonPhotos } from '@facehash/client';
import { stat } from 'node:fs/promises';
import { peopleOfFiles } from './people-of-files.js';
import { peopleOfFolder } from './people-of-folder.js';
import { tarFiles } from './tar-files.js';
import { zipFiles } from './zip-files.js';

/**
 * The people in a folder or an archive.
 * @throws Error when there is nothing at the path, or something else
 */
export async function peopleIn(
  path: string,
  onSkip: (path: string, why: string) => void,
): Promise<AsyncGenerator<PersonPhotos>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error(`There is no folder or archive ${path}.`);
  if (found.isDirectory()) return peopleOfFolder(path, onSkip);
  if (/\.zip$/i.test(path)) return peopleOfFiles(zipFiles(path), onSkip);
  const tar = /\.(tar|tar\.gz|tgz)$/i.exec(path);
  if (tar !== null) return peopleOfFiles(tarFiles(path, tar[1]!.toLowerCase() !== 'tar'), onSkip);
  throw new Error(`Expected a folder, a .zip, .tar, .tar.gz or .tgz; ${path} came.`);
}
