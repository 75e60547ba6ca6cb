import ipaddr from 'ipaddr.js';

/** Ranges that only a process may be sent to whose operator allows it: they are reached from inside of a network only. */
const privateRanges: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];

/** Metadata services of AWS, Alibaba and Azure, which give credentials to any process in their network; the link-local one is refused with its range. */
const metadataAddresses: readonly string[] = ['fd00:ec2::254', '100.100.100.200', '168.63.129.16'];

/** The only range of IPv6 with public addresses. The library also takes unassigned ranges for public, and IPv4 addresses written as `::7f00:1`. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Why events must not be sent to an IP address; `undefined` when they may. Only addresses of the public Internet are allowed, and with
 * `allowPrivate` those of private networks and of this machine. Link-local, multicast, unspecified and reserved addresses are never
 * allowed, nor IPv6 addresses that stand for an IPv4 address.
 */
export function faultOfAddress(address: string, { allowPrivate }: { readonly allowPrivate: boolean }) {
  if (!ipaddr.isValid(address)) return `${address} is not an IP address`;
  const parsed = ipaddr.parse(address);
  if (metadataAddresses.includes(parsed.toString())) return `${address} serves a cloud's credentials`;
  const range = rangeOf(parsed);
  if (range === 'unicast') return undefined;
  if (!privateRanges.includes(range)) return `${address} is no address for events (${range})`;
  return allowPrivate ? undefined : `${address} is not public (${range}); WEBHOOK_ALLOW_PRIVATE=true allows it`;
}

function rangeOf(parsed: ipaddr.IPv4 | ipaddr.IPv6): string {
  const range = parsed.range();
  if (range !== 'unicast' || parsed instanceof ipaddr.IPv4) return range;
  return parsed.match(globalUnicast) ? range : 'reserved';
}
