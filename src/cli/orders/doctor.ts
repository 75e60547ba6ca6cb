import { OrdersProblemError } from '../../client/client.ts';
import { checkAccess, checkReachable, checkReadiness, checkToken, type Finding } from './check-system.ts';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { checkEndpoints } from './check-endpoints.ts';
import { checkInbox } from './check-inbox.ts';
import { checkMessages } from './check-messages.ts';
import { formatTime, paint, stripControls } from './output.ts';
import { checkSinks } from './check-sinks.ts';
import { suggestAction } from './show-saga.ts';

/** More orders than these are only counted. */
const MAX_SHOWN = 20;

/** `orders doctor`: checks the API, PostgreSQL, Temporal, the token, the clock, the sinks of events and the inbox, and lists orders that wait or need attention. Fails when a check fails. */
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
    if (accepted.state === 'ok') {
      (await findOrdersNeedingAttention(cli)).forEach(tell);
      tell(await findWaitingOrders(cli));
      tell(await checkMessages(cli));
      tell(await checkInbox(cli));
      (await checkEndpoints(cli)).forEach(tell);
      (await checkSinks(cli)).forEach(tell);
    }
  }
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (cli.json) cli.printJson({ healthy: faults === 0, findings });
  if (faults > 0) throw new CliError(faults === 1 ? 'One check failed.' : `${faults} checks failed.`);
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

/** Orders that need attention are told of already. */
async function findWaitingOrders({ client }: Cli): Promise<Finding> {
  const check = 'waiting';
  try {
    const page = await client.listWaitingOrders({ limit: 200 });
    const waiting = page.data.filter(({ cause }) => cause !== 'NEEDS_ATTENTION');
    const more = page.next_cursor === null ? '' : ' and more';
    if (waiting.length === 0) return { check, state: 'ok', found: 'no order waits for a service or a worker' };
    const stuck = waiting.filter(({ is_stuck: isStuck }) => isStuck).length;
    const groups = Object.entries(
      Object.groupBy(waiting, ({ cause, step }) => (step === null ? cause : `${cause} ${step}`)),
    );
    const each = groups.map(([name, orders]) => `${orders.length} ${name}, since ${formatTime(orders[0]?.since)}`);
    const found = `${waiting.length}${more} wait, ${stuck} of them stuck`;
    return { check, state: 'warning', found, todo: [...each, 'orders stuck'].map(stripControls).join('\n') };
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return { check, state: 'ok', found: 'only staff see which orders wait' };
  }
}

async function whatToDoAbout(client: Cli['client'], id: string, number: string): Promise<string> {
  try {
    const { data: steps } = await client.listSagaSteps({ id });
    if (steps.some(({ state }) => state === 'FAILED')) return suggestAction(number, steps);
    // No step waits for a decision: the reconciler has found what is wrong, or the payment is disputed, and the history says so.
    const { data: history } = await client.listOrderHistory({ id });
    const found = history.findLast(({ actor, change }) => actor === RECONCILER_ACTOR || change === 'DISPUTE')?.reason;
    return typeof found === 'string' ? stripControls(found) : suggestAction(number, steps);
  } catch (error) {
    if (!(error instanceof OrdersProblemError)) throw error;
    return 'Staff can see and resolve it with orders saga.';
  }
}

/** The actor of the reconciler's entries in an order's history. */
const RECONCILER_ACTOR = 'system:reconciler';

const marks = { ok: ['✓', 'green'], warning: ['!', 'yellow'], fault: ['✗', 'red'] } as const;

function formatFinding({ check, state, found, todo }: Finding): string {
  const [mark, color] = marks[state];
  const line = `${paint(mark, color)} ${check.padEnd(7)} ${found}`;
  return todo === undefined ? line : `${line}\n${todo.replaceAll(/^/gm, '          ')}`;
}
