import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Minified and gzipped; it was 4.7 kB on 2026-11-24. */
const MAX_BYTES = 6_000;

describe('the client in a browser', () => {
  it('is small: neither the schemas nor anything of Node comes along', async () => {
    // A module of Node would fail the build, as there is none in a browser.
    const { outputFiles, metafile } = await build({
      entryPoints: [join(import.meta.dirname, 'index.ts')],
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['source'],
      metafile: true,
      write: false,
    });
    expect(Object.keys(metafile.inputs).filter((path) => !path.includes('client/src/'))).toEqual([]);
    expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThan(MAX_BYTES);
    expect(outputFiles[0]!.text).not.toMatch(/\b(process|Buffer)\b/);
  });
});
