import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** One question to one name server, and how often it is asked: well within the time of a delivery. */
const resolverLimits = { timeout: 1_500, tries: 2 };

/** What a name server says of a name that it does not know; the file of hosts, or a name server of another kind, may know it. */
const unknownName: readonly string[] = ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'ENONAME', 'EBADNAME'];

/** Finds the IP addresses of the host of a URL. Rejects when it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks the name servers without the operating system's few resolver threads, which one slow name server would keep from everybody
 * else; only names that name servers don't know go through those, for the file of hosts and search domains.
 */
export const resolveHost: ResolveHost = async (hostname) => {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return [address];
  if (isLocalName(hostname)) return askSystem(hostname);
  return (await askNameServers(hostname)) ?? askSystem(hostname);
};

/** A name without a dot is found by search domains or in the file of hosts. */
function isLocalName(hostname: string): boolean {
  return !hostname.replace(/\.$/, '').includes('.') || /\.localhost\.?$/.test(hostname);
}

/** The addresses that the name servers know; `undefined` when they know none. Rejects when they don't answer. */
async function askNameServers(hostname: string): Promise<string[] | undefined> {
  const resolver = new Resolver(resolverLimits);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length > 0) return found;
  const failed = answers.find((answer) => answer.status === 'rejected' && !isUnknown(answer.reason));
  if (failed?.status === 'rejected') throw failed.reason;
  return undefined;
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unknownName.includes(String(error.code));
}

async function askSystem(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
