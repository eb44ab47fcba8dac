import { describe, expect, it } from '@jest/globals';
import { withSecretFiles } from './secret-files.js';

const files: Readonly<Record<string, string>> = {
  '/secrets/redis-url': 'redis://:pass@redis:6379\n',
  '/secrets/storage-url': 's3://access:secret@s3:9000/facehash',
  '/secrets/empty': '\n',
};

const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return text;
};

describe('secrets in files', () => {
  it('are taken for the setting, without the line end, and the file is not handed on', () => {
    const environment = {
      FACEHASH_REDIS_URL_FILE: '/secrets/redis-url',
      FACEHASH_STORAGE_URL_FILE: '/secrets/storage-url',
      PATH: '/bin',
    };
    expect(withSecretFiles(environment, readFile)).toEqual({
      FACEHASH_REDIS_URL: 'redis://:pass@redis:6379',
      FACEHASH_STORAGE_URL: 's3://access:secret@s3:9000/facehash',
      PATH: '/bin',
    });
  });

  it('leave an environment alone that names none, and settings that are no secrets', () => {
    const environment = { FACEHASH_STORAGE_URL: 'file:///data', FACEHASH_PORT_FILE: '/secrets/redis-url' };
    expect(withSecretFiles(environment, readFile)).toEqual(environment);
  });

  it.each([
    ['are missing', '/secrets/none', /^FACEHASH_REDIS_URL_FILE: \/secrets\/none cannot be read \(ENOENT\)$/],
    ['are empty', '/secrets/empty', /^FACEHASH_REDIS_URL_FILE: \/secrets\/empty is empty$/],
  ])('that %s are told by their setting', (_what, path, message) => {
    expect(() => withSecretFiles({ FACEHASH_REDIS_URL_FILE: path }, readFile)).toThrow(message);
  });

  it('are refused beside the setting itself: nobody could say which one counts', () => {
    const both = { FACEHASH_ADMIN_TOKEN: 'a', FACEHASH_ADMIN_TOKEN_FILE: '/secrets/storage-url' };
    expect(() => withSecretFiles(both, readFile)).toThrow(
      /^FACEHASH_ADMIN_TOKEN_FILE: .* set one of the two$/,
    );
  });
});
