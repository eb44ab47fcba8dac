import { describe, expect, it } from '@jest/globals';
import { newSigningSecrets } from '@facehash/contracts';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signatureHeaders } from './sign.js';

const run = promisify(execFile);
const DOCUMENT = fileURLToPath(new URL('../../../../docs/webhooks.md', import.meta.url));

/** How each language calls what the document shows with the JSON of `call.json`. */
const LANGUAGES = {
  js: {
    command: process.execPath,
    file: 'verify.mjs',
    call: `
      import { readFileSync } from 'node:fs';
      const { body, headers, secret } = JSON.parse(readFileSync('call.json', 'utf8'));
      console.log(verify(Buffer.from(body), headers, secret).text);`,
  },
  python: {
    command: 'python3',
    file: 'verify.py',
    call: `
call = json.load(open("call.json", encoding="utf-8"))
print(verify(call["body"].encode(), call["headers"], call["secret"])["text"])`,
  },
} as const;

const now = new Date();
const [one, other] = [newSigningSecrets(now)[0]!.secret, newSigningSecrets(now)[0]!.secret];
const body = JSON.stringify({ text: 'hello' });
const signed = (at: Date, ...secrets: string[]) => signatureHeaders({ id: 'msg_1', body, secrets, now: at });

describe.each(Object.entries(LANGUAGES))('docs/webhooks.md verifies in %s', (name, language) => {
  const verify = async (call: { body: string; headers: object; secret: string }): Promise<string> => {
    const shown = new RegExp(`\`\`\`${name}\n(.*?)\`\`\``, 's').exec(await readFile(DOCUMENT, 'utf8'))?.[1];
    const folder = await mkdtemp(join(tmpdir(), 'facehash-verify-'));
    try {
      await writeFile(join(folder, language.file), `${shown ?? ''}\n${language.call}\n`);
      await writeFile(join(folder, 'call.json'), JSON.stringify(call));
      return (await run(language.command, [language.file], { cwd: folder })).stdout.trim();
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('what is ours, by either of two secrets', async () => {
    expect(await verify({ body, headers: signed(now, one, other), secret: one })).toBe('hello');
    expect(await verify({ body, headers: signed(now, one, other), secret: other })).toBe('hello');
  });

  it('nothing else', async () => {
    const headers = signed(now, one);
    await expect(verify({ body: `${body} `, headers, secret: one })).rejects.toThrow(/no signature fits/);
    await expect(verify({ body, headers, secret: other })).rejects.toThrow(/no signature fits/);
    const old = signed(new Date(now.getTime() - 301_000), one);
    await expect(verify({ body, headers: old, secret: one })).rejects.toThrow(/too old/);
  });
});
