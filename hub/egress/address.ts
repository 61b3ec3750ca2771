/**
 * Where the hub may call: https to public addresses, unless private networks are allowed. An address is
 * judged after DNS resolution and the connection is made to the very address that was judged, so a name
 * that resolves differently a moment later (DNS rebinding) gains nothing.
 */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export class AddressRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'AddressRefused';
  }
}

/** @throws AddressRefused where the URL alone already says no. */
export function assertUrlAllowed(url: URL, allowPrivateNetwork: boolean): void {
  if (url.username || url.password) throw new AddressRefused('the address holds a user name or password');
  if (url.protocol !== 'https:' && !(allowPrivateNetwork && url.protocol === 'http:'))
    throw new AddressRefused('https is required');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivateNetwork && ipaddr.isValid(host) && !isPublicAddress(host))
    throw new AddressRefused('the address is not a public one');
}

// What of IPv6 is handed out (RFC 4291 §2.4). Of the rest `ipaddr.js` knows ranges by name only: `::7f00:1`, which is
// 127.0.0.1 in the form that RFC 4291 §2.5.5.1 gave up, is none of them.
const HANDED_OUT = ipaddr.IPv6.parse('2000::');

/** Unicast on the public internet; IPv4 inside IPv6 (mapped, compatible, 6to4, NAT64, Teredo) is never taken for that. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(HANDED_OUT, 3));
}

/** A `lookup` for sockets that passes on public addresses only. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const all: LookupOptions = { ...options, all: true };
  dnsLookup(hostname, all, (error, found) => {
    if (error) return callback(error, '', 0);
    const addresses = (found as unknown as LookupAddress[]).filter(({ address }) => isPublicAddress(address));
    const [first] = addresses;
    if (first === undefined) return callback(new AddressRefused(`${hostname} has no public address`), '', 0);
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

/** `*.salesforce.com` stands for one or more labels in front; anything else for itself. */
export function hostMatches(host: string, patterns: readonly string[]): boolean {
  const name = host.toLowerCase();
  return patterns.some((pattern) =>
    pattern.startsWith('*.')
      ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1
      : name === pattern,
  );
}
