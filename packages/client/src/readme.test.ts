import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const README = join(import.meta.dirname, '../README.md');
/** As if the examples stood here, so that imports resolve as those of the sources do. */
const EXAMPLE = join(import.meta.dirname, 'readme-example.ts');

const IMPORT = /^import .*$/gm;

/** The examples one after the other, as a reader meets them. */
async function example(): Promise<string> {
  const blocks = [...(await readFile(README, 'utf8')).matchAll(/^```ts\n(.*?)^```/gms)].map(
    ([, text]) => text!,
  );
  const imports = blocks.flatMap((block) => block.match(IMPORT) ?? []);
  const given = 'declare const photo: File, photos: File[], body: string, headers: Headers;';
  return (
    [...imports, given, ...blocks.map((block) => `{${block.replaceAll(IMPORT, '')}}`), 'export {};']
      .join('\n')
      .replaceAll("'@facehash/client'", "'./index.js'")
      // All blocks but the first use its client.
      .replace('const client =', 'var client =')
  );
}

describe('the examples of the README', () => {
  it('compile against the sources', async () => {
    const config = join(import.meta.dirname, '../tsconfig.json');
    const { options } = ts.getParsedCommandLineOfConfigFile(
      config,
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: () => undefined,
      },
    )!;
    const host = ts.createCompilerHost(options);
    const text = await example();
    expect(text).toContain('client.recognize');
    const exists = host.fileExists.bind(host);
    const source = host.getSourceFile.bind(host);
    host.fileExists = (path) => path === EXAMPLE || exists(path);
    host.getSourceFile = (path, ...rest) =>
      path === EXAMPLE ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023) : source(path, ...rest);
    delete options.tsBuildInfoFile; // only for a build that writes
    const checked = { ...options, noEmit: true, composite: false, incremental: false };
    const program = ts.createProgram([EXAMPLE], checked, host);
    const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(EXAMPLE));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });
});
