import { describe, expect, it } from '@jest/globals';
import { describeRedisUrl, parseRedisUrl } from './redis-url.js';

const nothing = {
  ...{ tls: false, username: undefined, password: undefined, db: 0, master: '' },
  ...{ sentinelUsername: undefined, sentinelPassword: undefined },
};

describe('parseRedisUrl', () => {
  it('reads one server, with all that a connection to it needs', () => {
    expect(parseRedisUrl('redis://127.0.0.1:6380')).toEqual({
      ...{ ...nothing, kind: 'single' },
      hosts: [{ host: '127.0.0.1', port: 6380 }],
    });
    expect(parseRedisUrl('rediss://ada:s%2Fcr%40t%25@redis.example/3')).toEqual({
      ...{ ...nothing, kind: 'single', tls: true, username: 'ada', password: 's/cr@t%', db: 3 },
      hosts: [{ host: 'redis.example', port: 6379 }],
    });
    expect(parseRedisUrl('redis://:p@ss:word@[::1]/').hosts).toEqual([{ host: '::1', port: 6379 }]);
    expect(parseRedisUrl('redis://:p@ss:word@[::1]/').password).toBe('p@ss:word');
  });

  it('reads Sentinels, the name of the server they watch, and the passwords of both', () => {
    const url =
      'redis+sentinel://:secret@h1,h2:26380/mymaster/2?sentinel_username=eve&sentinel_password=s%2B';
    expect(parseRedisUrl(url)).toEqual({
      ...{ ...nothing, kind: 'sentinel', password: 'secret', db: 2, master: 'mymaster' },
      hosts: [
        { host: 'h1', port: 26379 },
        { host: 'h2', port: 26380 },
      ],
      ...{ sentinelUsername: 'eve', sentinelPassword: 's+' },
    });
  });

  it("reads some of a cluster's servers", () => {
    expect(parseRedisUrl('rediss+cluster://h1:7000,h2:7001,[fd00::3]')).toEqual({
      ...{ ...nothing, kind: 'cluster', tls: true },
      hosts: [
        { host: 'h1', port: 7000 },
        { host: 'h2', port: 7001 },
        { host: 'fd00::3', port: 6379 },
      ],
    });
  });

  it.each([
    ['127.0.0.1:6379', /is to be one of redis:\/\//],
    ['http://h:6379', /is to be one of/],
    ['redis+sentinels://h/name', /is to be one of/],
    ['redis://', /is to be one of/],
    ['redis://h1:1,h2:2', /redis\+cluster:\/\/ or redis\+sentinel:\/\//],
    ['redis://h:70000', /a host is name:port/],
    ['redis+cluster://h1:1,,h2:2', /a host is name:port/],
    ['redis://h/mymaster', /the number of the database/],
    ['redis://h/1/2', /the number of the database/],
    ['redis+cluster://h/1', /database 0 only/],
    ['redis+sentinel://h:26379', /name of the server is missing/],
    ['redis://h?sentinel_password=x', /"sentinel_password" is unknown/],
    ['redis+sentinel://h/name?password=x', /"password" is unknown/],
    ['redis://:50%@h', /%25/],
  ])('refuses %s', (url, why) => {
    expect(() => parseRedisUrl(url)).toThrow(why);
  });

  it('never repeats a password', () => {
    for (const url of ['redis://:hidden@h/x', 'redis:/:hidden@h', 'redis+sentinel://:hidden@h']) {
      expect(() => parseRedisUrl(url)).toThrow(/^FACEHASH_REDIS_URL(?!.*hidden)/);
    }
  });
});

describe('describeRedisUrl', () => {
  it.each([
    ['redis://:hidden@h:1/2', 'h:1'],
    ['redis+sentinel://:hidden@h1:1,[::1]:2/mymaster', 'mymaster of the Sentinels h1:1,[::1]:2'],
    ['redis+cluster://:hidden@h1:1,h2:2', 'cluster h1:1,h2:2'],
  ])('of %s', (url, described) => {
    expect(describeRedisUrl(url)).toBe(described);
  });
});
