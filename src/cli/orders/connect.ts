import { userInfo } from 'node:os';
import { createOrdersClient, ordersFetch, type OrdersClient } from '../../client/create-client.ts';
import { readAnswer } from '../../client/problem.ts';
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

/** What a command works with. */
export interface Cli extends Output {
  readonly client: OrdersClient;
  readonly baseUrl: string;
  readonly token: string;
  /** A request below `/api/v1` for what the client has no types for, answered or thrown as a problem. */
  readonly send: (method: string, path: string, init?: RequestInit) => Promise<Response>;
  /** The same for JSON. */
  readonly call: (method: string, path: string, init?: RequestInit) => Promise<Record<string, unknown>>;
  readonly system: RunningSystem | undefined;
}

/** A working day: a command that follows orders does not outlive its token. */
const TOKEN_MS = 12 * 3_600_000;

/** Finds the API and a token for it; throws {@link UsageError} when either is to be given. */
export async function connect(options: GlobalOptions): Promise<Cli> {
  const running = readRunningSystem();
  const given = options.url ?? (process.env['ORDERS_URL'] || undefined);
  const baseUrl = (given ?? running?.apiUrl)?.replace(/\/+$/, '');
  if (baseUrl === undefined) {
    throw new UsageError('Which API? None runs here (npm start): give --url or ORDERS_URL.');
  }
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
    throw new UsageError(`"${baseUrl}" is not the address of an API.`);
  const isOwn = running !== undefined && new URL(running.apiUrl).origin === new URL(baseUrl).origin;
  const token = options.token ?? (process.env['ORDERS_TOKEN'] || (await devToken(options.as, isOwn)));
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

/** A token for the development system, such as `admin:ann`: nobody signs tokens for any other system with the secret of this one. */
async function devToken(as = `admin:${userName()}`, isOwn: boolean): Promise<string> {
  const [, role, sub] = /^(customer|service|support|operator|admin):(.+)$/.exec(as) ?? [];
  if (role === undefined || sub === undefined)
    throw new UsageError('--as takes a role and a name, such as customer:demo.');
  const settings = isOwn || process.env['JWT_SECRET'] ? readTokenSettings() : undefined;
  if (settings === undefined) throw new UsageError('A token is needed: give --token or ORDERS_TOKEN.');
  return await signToken({ sub, roles: [role], expiresMs: TOKEN_MS }, settings);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as containers have.
    return 'cli';
  }
}
