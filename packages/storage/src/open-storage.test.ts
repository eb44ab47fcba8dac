import { describe, expect, it } from '@jest/globals';
import { openStorage, parseS3Url } from './open-storage.js';

describe('parseS3Url', () => {
  it('reads host, port, bucket and options', () => {
    expect(parseS3Url(new URL('s3://me:pass@s3.example.org/photos?tls=true&region=eu-central-1'))).toEqual({
      ...{ host: 's3.example.org', port: 443, tls: true, accessKey: 'me', secretKey: 'pass' },
      ...{ bucket: 'photos', region: 'eu-central-1' },
    });
  });

  it('decodes a secret with characters that a URL would misread', () => {
    const { secretKey } = parseS3Url(new URL(`s3://me:${encodeURIComponent('a/b+c@d:e%')}@host:9000/photos`));
    expect(secretKey).toBe('a/b+c@d:e%');
  });
});

describe('openStorage', () => {
  it.each([
    ['s3://me:TOPSECRET@host:9000', /bucket/],
    ['s3://me:TOPSECRET@host:9000/photos/sub', /bucket/],
    ['s3://me:TOPSECRET@host:9000/Photos', /bucket/],
    ['s3://me:TOPSECRET/@host:9000/photos', /no URL/],
    ['s3://me:TOPSECRET%@host:9000/photos', /%25/],
    ['s3://me@host:9000/photos', /secret is missing/],
    ['s3://me:TOPSECRET@host:9000/photos?tls=yes', /tls is true or false/],
    ['s3://me:TOPSECRET@host:9000/photos?ssl=true', /"ssl" is unknown/],
    ['http://me:TOPSECRET@host:9000/photos', /neither/],
    ['/var/lib/facehash', /no URL/],
    ['file://var/lib/facehash', /three slashes/],
    ['file:///', /root of the filesystem/],
  ])('explains what is wrong with %s and repeats no secret', async (url, problem) => {
    const error = await openStorage(url).catch((cause: unknown) => cause);
    expect(String(error)).toMatch(problem);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('TOPSECRET');
  });

  it('says UNAVAILABLE and where, when nothing listens', async () => {
    // Port 1 (tcpmux) is never served on a machine that runs tests.
    await expect(openStorage('s3://me:secret@127.0.0.1:1/photos')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('127.0.0.1:1/photos cannot be used: nothing listens'),
    });
  });
});
