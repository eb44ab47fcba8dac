import { readFile } from 'node:fs/promises';

export interface CurlLine {
  readonly line: string;
  /** The photos it sends, by the names it gives them. */
  readonly files: readonly string[];
}

/** The lines that begin with `curl` in a document's fenced blocks, as printed; one that ends in a backslash goes on. */
export async function curlLines(path: string): Promise<CurlLine[]> {
  const text = await readFile(path, 'utf8');
  const blocks = [...text.matchAll(/^```[^\n]*\n(.*?)^```/gms)].map(([, block]) => block!);
  const lines = blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  return lines
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter((line) => line.startsWith('curl '))
    .map((line) => ({ line, files: [...line.matchAll(/=?@"?([\w./-]+)/g)].map(([, name]) => name!) }));
}
