import ipaddr from 'ipaddr.js';

/** Whom a request is counted for by the address that it comes from; of IPv6 its /64 network, since one person has every address of it. */
export function clientNetwork(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return 'unknown';
  // IPv4 that comes over IPv6 (`::ffff:192.0.2.1`) is IPv4 again.
  const address = ipaddr.process(remoteAddress);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString().split('%', 1)[0]}/64`).toString();
}
