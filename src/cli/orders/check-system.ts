import { decodeJwt } from 'jose';
import { z } from 'zod';
import { OrdersProblemError, type Problem } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { describeError } from './describe-error.ts';
import { formatTime, stripControls } from './output.ts';

/** What was checked, what was found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  readonly todo?: string;
}

/** An API that takes longer than this for a health check is not usable. */
const PROBE_LIMIT_MS = 5_000;

/** The API accepts no larger difference. `Date` has whole seconds, and the answer takes some time. */
const MAX_SKEW_MS = 5_000;

/** A token that expires sooner may expire during a command. */
const SOON_MS = 5 * 60_000;

/** Checks that there is a token, and that it is a JSON Web Token that has not expired. */
export function checkToken(token: string): Finding {
  const check = 'token';
  if (token === '') return { check, state: 'fault', found: 'there is none', todo: 'Give --token or ORDERS_TOKEN.' };
  try {
    const { sub, roles, exp } = decodeJwt<{ roles?: unknown }>(token);
    const who = `${Array.isArray(roles) ? roles.join(', ') : 'no roles'}, ${sub ?? 'no subject'}`;
    if (exp === undefined)
      return {
        check,
        state: 'fault',
        found: `${who}: it never expires`,
        todo: 'The API accepts only tokens that expire.',
      };
    const found = stripControls(`${who}, until ${formatTime(new Date(exp * 1_000).toISOString())}`);
    const leftMs = exp * 1_000 - Date.now();
    if (leftMs <= 0) return { check, state: 'fault', found: `${found}: expired`, todo: 'Get a new token.' };
    return leftMs < SOON_MS
      ? { check, state: 'warning', found: `${found}: expires soon`, todo: 'Get a new token.' }
      : { check, state: 'ok', found };
  } catch {
    return { check, state: 'fault', found: 'it is not a JSON Web Token', todo: 'Check --token and ORDERS_TOKEN.' };
  }
}

/** Checks that the API answers, and that its clock agrees with this machine's. */
export async function checkReachable(cli: Cli): Promise<Finding[]> {
  const check = 'API';
  const startedAt = Date.now();
  try {
    const answer = await probe(cli, '/healthz');
    const tookMs = Date.now() - startedAt;
    if (!answer.ok || !(await isOrdersApi(cli))) return [describeStranger(cli, answer)];
    return [{ check, state: 'ok', found: `${cli.baseUrl}, ${tookMs} ms` }, checkClock(answer, startedAt + tookMs / 2)];
  } catch (error) {
    const found =
      error instanceof Error && error.name === 'TimeoutError'
        ? 'it does not answer'
        : describeError(error, cli.baseUrl);
    const said = typeof found === 'string' ? found : String(Object(found.json).message);
    return [{ check, state: 'fault', found: said, todo: 'Start it (npm start), or pass its address with --url.' }];
  }
}

/** What the API says of itself in its own document. */
async function isOrdersApi(cli: Cli): Promise<boolean> {
  const answer = await probe(cli, '/openapi.json');
  const document = aboutSchema.safeParse(await answer.json().catch(() => undefined));
  return document.success && document.data.info.title === 'Orders API';
}

const aboutSchema = z.object({ info: z.object({ title: z.string() }) });

function describeStranger({ baseUrl }: Cli, { status }: Response): Finding {
  const found = `${baseUrl} is another service: it answers (${status}), but not as this API does`;
  return { check: 'API', state: 'fault', found, todo: 'Pass the address of the Orders API with --url or ORDERS_URL.' };
}

function checkClock(answer: Response, answeredAt: number): Finding {
  const check = 'clock';
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) return { check, state: 'warning', found: 'the API does not tell its time' };
  // `Date` is rounded down to seconds: half a second early on average.
  const skewMs = date + 500 - answeredAt;
  const seconds = Math.round(skewMs / 1_000);
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return { check, state: 'ok', found: 'this machine and the API agree' };
  const found = `the API's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
  return { check, state: 'fault', found, todo: 'Correct the clocks: tokens and signatures depend on them.' };
}

/** Checks that PostgreSQL and Temporal are available to the API. */
export async function checkReadiness(cli: Cli): Promise<Finding> {
  const check = 'ready';
  const answer = await probe(cli, '/readyz');
  const body = (await answer.json()) as Partial<Problem> & Partial<Record<'database' | 'engine', string>>;
  const states: { database?: unknown; engine?: unknown } = answer.ok ? body : (body.details?.[0] ?? {});
  if (states.database !== 'ok') {
    return {
      check,
      state: 'fault',
      found: 'PostgreSQL is unavailable: no order can be placed or read',
      todo: 'Start it. Accepted orders resume when it is back.',
    };
  }
  if (states.engine !== 'ok') {
    return {
      check,
      state: 'fault',
      found: 'Temporal is unavailable: orders are accepted, and wait',
      todo: 'Start it. The orders start when it is back; until then commands are refused.',
    };
  }
  return { check, state: 'ok', found: 'PostgreSQL and Temporal are available' };
}

/** Checks that the API accepts the token. */
export async function checkAccess({ client }: Cli): Promise<Finding> {
  const check = 'access';
  try {
    await client.listOrders({ limit: 1 });
    return { check, state: 'ok', found: 'the API accepts the token' };
  } catch (error) {
    if (!(error instanceof OrdersProblemError)) throw error;
    const todo = error.status === 401 ? 'Check its signature, issuer and audience.' : 'Get a token with another role.';
    return { check, state: 'fault', found: stripControls(error.message), todo };
  }
}

async function probe({ baseUrl }: Cli, path: string): Promise<Response> {
  return await fetch(`${baseUrl}${path}`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
}
