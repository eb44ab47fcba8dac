import { AppError } from '@facehash/contracts';
import ipaddr from 'ipaddr.js';
import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';

/** Refuses an address that nothing would be sent to. @throws AppError WEBHOOK_ADDRESS_REFUSED */
export type AssertWebhookAddress = (url: string) => Promise<void>;

/**
 * For the moment a webhook is named, so that its owner learns of it at once. What a name resolves to may be another
 * address later, so each connection is looked at again (`post-webhook.ts`), by the same measure.
 *
 * Over the Internet only https: an event tells when somebody was recognised or enrolled, and how often, to whoever
 * listens on the way. Inside a network whose addresses the operator has allowed, few receivers have a certificate.
 */
export function createAddressCheck({
  allowPrivate,
  lookup,
}: {
  readonly allowPrivate: boolean;
  readonly lookup: LookupFunction;
}): AssertWebhookAddress {
  const resolve = promisify(lookup) as unknown as (
    host: string,
    options: { all: true },
  ) => Promise<{ address: string }[]>;

  const addressesOf = (host: string): Promise<{ address: string }[]> =>
    resolve(host, { all: true }).catch((cause: unknown) => {
      throw refused(`Expected a host that can be reached; ${host} does not resolve.`, cause);
    });

  return async (url) => {
    if (allowPrivate) return;
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:') {
      throw refused('Expected an address that begins with https://; this one begins with http://.');
    }
    // URL has brought every spelling of an IPv4 address to four numbers; an IPv6 address comes in brackets.
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = isIP(host) !== 0 ? [{ address: host }] : await addressesOf(host);
    if (addresses.length > 0 && addresses.every(({ address }) => isPublic(address))) return;
    throw refused(`Expected an address on the Internet; ${host} is, or resolves to, one that is not public.`);
  };
}

/** Not loopback, private, link-local, carrier-grade, multicast, reserved or a way around by another family. */
const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unicast';

const refused = (message: string, cause?: unknown): AppError =>
  new AppError('WEBHOOK_ADDRESS_REFUSED', message, { cause });
