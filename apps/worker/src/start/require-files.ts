import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

/**
 * Looks for the files the vision libraries will open: their own messages name neither a setting nor a remedy.
 * @param files what each path is and the setting that names it
 * @throws Error, one line: what is missing, where it was expected and what to do
 */
export async function requireFiles(
  files: readonly { readonly what: string; readonly path: string; readonly setting: string }[],
): Promise<void> {
  for (const { what, path, setting } of files) {
    try {
      await access(path, constants.R_OK);
    } catch {
      throw new Error(`${what} was expected at ${path}: run \`npm run setup\`, or set ${setting}.`);
    }
  }
}
