import { faultOfAddress } from './check-address.ts';
import { resolveHost, type ResolveHost } from './resolve-host.ts';

/** Which addresses endpoints may have. */
export interface UrlRules {
  readonly allowPrivate: boolean;
  readonly requireHttps: boolean;
  readonly resolve?: ResolveHost;
}

/** Longer addresses are refused by many servers. */
const MAX_URL = 2_048;

/** Why events can't be sent to `text`, by its form or by what its name resolves to now; `undefined` when they can. */
export async function faultOfUrl(text: string, rules: UrlRules): Promise<string | undefined> {
  const fault = faultOfForm(text, rules);
  if (fault !== undefined) return fault;
  const { hostname } = new URL(text);
  try {
    const addresses = await (rules.resolve ?? resolveHost)(hostname);
    const faults = addresses.map((address) => faultOfAddress(address, rules));
    return faults.includes(undefined) ? undefined : (faults[0] ?? `${hostname} has no address`);
  } catch {
    return `${hostname} can't be resolved to an address`;
  }
}

function faultOfForm(text: string, { requireHttps }: UrlRules): string | undefined {
  if (text.length > MAX_URL) return `must have at most ${MAX_URL} characters`;
  if (!URL.canParse(text)) return 'must be a URL such as https://shop.example.com/events';
  const { protocol, username, password, hash } = new URL(text);
  if (!['https:', 'http:'].includes(protocol)) return 'must begin with https:// or http://';
  if (requireHttps && protocol !== 'https:')
    return 'must begin with https://; WEBHOOK_REQUIRE_HTTPS=false allows http://';
  if (username !== '' || password !== '') return 'must not hold credentials; the signature says who sends';
  return hash === '' ? undefined : 'must not have a fragment (#)';
}
