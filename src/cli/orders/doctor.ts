import { decodeJwt } from 'jose';
import { OrdersProblemError, type Problem } from '../../client/client.ts';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { describeError } from './describe-error.ts';
import { paint, stripControls, formatTime } from './output.ts';
import { suggestAction } from './show-saga.ts';

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

/** More orders than these are only counted. */
const MAX_SHOWN = 20;

/** `orders doctor`: checks the API, PostgreSQL, Temporal, the token and the clock, and lists orders that need attention. Fails when a check fails. */
export async function runDoctorCommand(cli: Cli): Promise<void> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (!cli.json) cli.print(formatFinding(finding));
  };
  tell(checkToken(cli.token));
  const reach = await checkReachable(cli);
  reach.forEach(tell);
  if (reach.every(({ state }) => state !== 'fault')) {
    tell(await checkReadiness(cli));
    const accepted = await checkAccess(cli);
    tell(accepted);
    if (accepted.state === 'ok') (await findOrdersNeedingAttention(cli)).forEach(tell);
  }
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (cli.json) cli.printJson({ healthy: faults === 0, findings });
  if (faults > 0) throw new CliError(faults === 1 ? 'One check failed.' : `${faults} checks failed.`);
}

function checkToken(token: string): Finding {
  const check = 'token';
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

async function checkReachable(cli: Cli): Promise<Finding[]> {
  const check = 'API';
  const startedAt = Date.now();
  try {
    const answer = await probe(cli, '/healthz');
    const tookMs = Date.now() - startedAt;
    if (!answer.ok) throw new CliError(`${cli.baseUrl}/healthz answered ${answer.status}`);
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

async function checkReadiness(cli: Cli): Promise<Finding> {
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
async function checkAccess({ client }: Cli): Promise<Finding> {
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

async function findOrdersNeedingAttention({ client }: Cli): Promise<Finding[]> {
  const check = 'orders';
  const page = await client.listOrders({ needs_attention: true, limit: 200 });
  if (page.data.length === 0) return [{ check, state: 'ok', found: 'none needs attention' }];
  const more = page.next_cursor === null ? '' : ' and more';
  const total: Finding = {
    check,
    state: 'warning',
    found: `${page.data.length}${more} need attention`,
    todo: 'orders list --needs-attention',
  };
  const each = page.data.slice(0, MAX_SHOWN).map(async ({ id, order_number: number, status }): Promise<Finding> => {
    const found = stripControls(`${number} is ${status}`);
    return { check, state: 'warning', found, todo: await whatToDoAbout(client, id, number) };
  });
  return [total, ...(await Promise.all(each))];
}

async function whatToDoAbout(client: Cli['client'], id: string, number: string): Promise<string> {
  try {
    return suggestAction(number, (await client.listSagaSteps({ id })).data);
  } catch (error) {
    if (!(error instanceof OrdersProblemError)) throw error;
    return 'Staff can see and resolve it with orders saga.';
  }
}

async function probe({ baseUrl }: Cli, path: string): Promise<Response> {
  return await fetch(`${baseUrl}${path}`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
}

const marks = { ok: ['✓', 'green'], warning: ['!', 'yellow'], fault: ['✗', 'red'] } as const;

function formatFinding({ check, state, found, todo }: Finding): string {
  const [mark, color] = marks[state];
  const line = `${paint(mark, color)} ${check.padEnd(7)} ${found}`;
  return todo === undefined ? line : `${line}\n${todo.replaceAll(/^/gm, '          ')}`;
}
