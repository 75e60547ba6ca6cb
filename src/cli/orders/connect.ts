import { userInfo } from 'node:os';
import { createOrdersClient, ordersFetch, type OrdersClient } from '../../client/create-client.ts';
import { readAnswer } from '../../client/problem.ts';
import { isSameAddress, readApiAddress } from '../local-system/api-address.ts';
import { readRunningSystem, type RunningSystem } from '../local-system/running-system.ts';
import { readTokenSettings, signToken } from '../local-system/sign-token.ts';
import { UsageError } from './cli-error.ts';
import { createOutput, type Output } from './output.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** What a command needs. */
export interface Cli extends Output {
  readonly client: OrdersClient;
  readonly baseUrl: string;
  readonly token: string;
  /** Sends a request below `/api/v1` that the client has no method for; throws a problem. */
  readonly send: (method: string, path: string, init?: RequestInit) => Promise<Response>;
  /** The same for JSON. */
  readonly call: (method: string, path: string, init?: RequestInit) => Promise<Record<string, unknown>>;
  readonly system: RunningSystem | undefined;
}

/** A working day: longer than a command follows orders. */
const TOKEN_MS = 12 * 3_600_000;

/**
 * Finds the API and a token for it; throws {@link UsageError} when the caller has to give one of them. The token is empty if none is known
 * and it is not needed.
 */
export async function connect(options: GlobalOptions, needsToken: boolean): Promise<Cli> {
  const running = readRunningSystem();
  const given = options.url ?? (process.env['ORDERS_URL'] || undefined);
  const asked = given ?? running?.apiUrl;
  if (asked === undefined) {
    throw new UsageError('No API is running here (npm start). Give the address of one with --url or ORDERS_URL.');
  }
  const address = readApiAddress(asked);
  if (address === undefined) throw new UsageError(`"${asked}" is not an HTTP address.`);
  const isOwn = running !== undefined && isSameAddress(running.apiUrl, address);
  // The very address that it listens on: another server may have the same port under another name of this machine.
  const baseUrl = isOwn ? running.apiUrl : address;
  const token = options.token ?? (process.env['ORDERS_TOKEN'] || (await devToken(options.as, isOwn))) ?? '';
  if (token === '' && needsToken) throw new UsageError('This API needs a token: give --token or ORDERS_TOKEN.');
  const fetch = ordersFetch({ token });
  const send: Cli['send'] = async (method, path, init = {}) => {
    const answer = await fetch(`${baseUrl}/api/v1${path}`, { ...init, method });
    if (!answer.ok) await readAnswer(answer);
    return answer;
  };
  return {
    ...createOutput(options.json === true),
    client: createOrdersClient(baseUrl, { token }),
    baseUrl,
    token,
    send,
    call: async (method, path, init) => (await (await send(method, path, init)).json()) as Record<string, unknown>,
    system: isOwn ? running : undefined,
  };
}

/** Signs a token for the local system, such as `admin:ann`. Its secret is never used for another system, which gets none. */
async function devToken(as = `admin:${userName()}`, isOwn: boolean): Promise<string | undefined> {
  const [, role, sub] = /^(customer|service|support|operator|admin):(.+)$/.exec(as) ?? [];
  if (role === undefined || sub === undefined)
    throw new UsageError('--as needs a role and a name, such as customer:demo.');
  const settings = isOwn || process.env['JWT_SECRET'] ? readTokenSettings() : undefined;
  return settings && (await signToken({ sub, roles: [role], expiresMs: TOKEN_MS }, settings));
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The user id has no name, as in containers.
    return 'cli';
  }
}
