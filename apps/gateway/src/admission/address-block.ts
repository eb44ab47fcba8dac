import ipaddr from 'ipaddr.js';

/**
 * What callers are told apart by: an IPv4 address, or the first 64 bits of an IPv6 one. Every line and every machine has a /64,
 * so who is limited by the address alone takes another one for each request.
 * @param address as Express tells it; what is no address counts as it is
 */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  // `process` takes ::ffff:192.0.2.1, as which a socket for both protocols shows IPv4, for what it is.
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
