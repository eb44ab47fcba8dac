import { describe, expect, it } from '@jest/globals';
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { createAddressCheck } from './addresses.js';

/** A name server that knows one answer. */
const resolvesTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, done) => {
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
const check = (url: string, names: LookupFunction = lookup, allowPrivate = false) =>
  createAddressCheck({ allowPrivate, lookup: names })(url);

describe('The address of a webhook', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://0.0.0.0/',
    'https://0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://localhost/',
  ])('is refused as %s', async (url) => {
    await expect(check(url)).rejects.toMatchObject({ code: 'WEBHOOK_ADDRESS_REFUSED' });
  });

  it('is refused where only one of the addresses of its name is private', async () => {
    await expect(check('https://hook.example/', resolvesTo('93.184.215.14', '10.0.0.1'))).rejects.toThrow(
      /hook\.example is, or resolves to, one that is not public/,
    );
  });

  it('is refused where its name does not resolve, or its scheme is http', async () => {
    const nowhere: LookupFunction = (_host, _options, done) => {
      done(new Error('ENOTFOUND'), '');
    };
    await expect(check('https://hook.example/', nowhere)).rejects.toThrow(/does not resolve/);
    await expect(check('http://hook.example/', resolvesTo('93.184.215.14'))).rejects.toThrow(/https:/);
  });

  it('may be public, or any where the operator says so', async () => {
    await check('https://hook.example/', resolvesTo('93.184.215.14', '2606:2800:21f::1'));
    await check('https://93.184.215.14/');
    await check('http://127.0.0.1:9/', lookup, true);
  });
});
