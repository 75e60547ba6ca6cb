import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import type { Operations, SagaResolution, SagaResolutionPreview, SagaResolutionReport } from '../../client/client.ts';
import { CliError, UsageError } from './cli-error.ts';
import { confirm } from './confirm.ts';
import type { Cli } from './connect.ts';
import { formatTime, stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** What `orders resolve` is about, as command line options. */
export interface ResolveOptions {
  readonly filter?: readonly string[];
  readonly action?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly detach?: boolean;
  readonly follow?: string;
  readonly idempotencyKey?: string;
}

type Body = Operations['resolveSagas']['request']['body'];
type ReportQuery = Operations['getSagaResolution']['request'];

/** How often the progress is read: well within what RATE_LIMIT allows a user. */
const POLL_MS = 1_000;

/** Orders that are shown one by one. */
const MAX_SHOWN = 20;

/**
 * `orders resolve`: decides on many parked steps at once. Shows first what it would be about, asks, and follows it to its end. Fails
 * when an order's workflow did not take the decision.
 */
export async function runResolveCommand(cli: Cli, options: ResolveOptions): Promise<void> {
  if (options.follow !== undefined) return followResolution(cli, options.follow);
  const body = readBody(options);
  const preview = await cli.client.resolveSagas({ body: { ...body, dry_run: true } });
  if (!('matched' in preview)) throw new Error('the API did not take it for a dry run');
  if (cli.json && options.dryRun === true) return cli.printJson(preview);
  if (!cli.json) showPreview(cli, preview, body);
  if (options.dryRun === true || preview.matched === 0) return;
  if (options.yes !== true && !(await isConfirmed(preview, body))) throw new CliError('Nothing was changed.');
  const key = options.idempotencyKey ?? uuidv7();
  const resolution = await cli.client.resolveSagas({ body, headers: { 'Idempotency-Key': key } });
  if (!('id' in resolution)) throw new Error('the API took it for a dry run');
  if (options.detach !== true) return followResolution(cli, resolution.id);
  if (cli.json) cli.printJson(resolution);
  else cli.print(`resolution ${resolution.id}: orders resolve --follow ${resolution.id}`);
}

function readBody({ filter: given = [], action, reason }: ResolveOptions): Body {
  if (given.length === 0)
    throw new UsageError('Say which parked steps: --filter step=chargePayment, error=TEXT or before=TIME.');
  if (action === undefined || reason === undefined)
    throw new UsageError('Give an --action and a --reason; they are recorded.');
  const filter: Record<string, string> = {};
  for (const text of given) {
    const [, name = '', value = ''] = /^(step|error|before)=(.+)$/.exec(text) ?? [];
    if (name === '') throw new UsageError(`"${text}" is no filter: give step=NAME, error=TEXT or before=TIME.`);
    if (Object.hasOwn(filter, name)) throw new UsageError(`The filter "${name}" is given twice.`);
    filter[name] = value;
  }
  return { filter, action, reason } as Body;
}

function showPreview(cli: Cli, { matched, groups, orders }: SagaResolutionPreview, { action }: Body): void {
  if (matched === 0) return cli.note('no parked step matches');
  for (const { step, effect, orders: count, currency, total } of groups) {
    cli.print(`${count} × ${step}, ${total} ${currency} in all\n  ${action} ${effect}.`);
  }
  cli.print(`\n${formatTable(parkedColumns, orders.slice(0, MAX_SHOWN))}`);
  if (matched > MAX_SHOWN) cli.note(`and ${matched - MAX_SHOWN} more`);
}

type ParkedOrder = SagaResolutionPreview['orders'][number];

const parkedColumns: readonly Column<ParkedOrder>[] = [
  { title: 'ORDER', of: (order) => order.order_number },
  { title: 'STEP', of: ({ step }) => step },
  { title: 'PARKED', of: (order) => formatTime(order.parked_at) },
  { title: 'LAST ERROR', of: (order) => order.last_error ?? '' },
];

async function isConfirmed({ matched }: SagaResolutionPreview, { action }: Body): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody is there to ask: add --yes, or --dry-run.');
  return confirm(`\n${action} ${matched} parked step(s)? Type yes: `);
}

async function followResolution(cli: Cli, id: string): Promise<void> {
  let report = await readReport(cli, { id, limit: 1 });
  let shown = '';
  while (report.status !== 'COMPLETED') {
    const progress = formatCounts(report);
    if (progress !== shown) cli.note(progress);
    shown = progress;
    // One look follows the other.
    // oxlint-disable-next-line no-await-in-loop
    await delay(POLL_MS);
    // oxlint-disable-next-line no-await-in-loop
    report = await readReport(cli, { id, limit: 1 });
  }
  const failed = await readReport(cli, { id, limit: 200, state: 'FAILED' });
  const unchanged = await readReport(cli, { id, limit: MAX_SHOWN, state: 'UNCHANGED' });
  const { data: _, next_cursor: __, ...summary } = report;
  if (cli.json) cli.printJson({ ...summary, failed: failed.data, unchanged: unchanged.data });
  else {
    cli.print(formatCounts(report));
    for (const order of [...failed.data, ...unchanged.data]) {
      cli.print(stripControls(`${order.order_number} ${order.step} ${order.state}: ${order.detail ?? ''}`));
    }
    const more = report.counts.failed + report.counts.unchanged - failed.data.length - unchanged.data.length;
    if (more > 0) cli.note(`and ${more} more: GET /api/v1/sagas/resolve/${id} lists them all, page by page`);
  }
  if (report.counts.failed > 0) throw new CliError(`${report.counts.failed} did not take the decision.`);
}

function readReport(cli: Cli, query: ReportQuery): Promise<SagaResolutionReport> {
  return cli.client.getSagaResolution(query);
}

function formatCounts({ status, counts }: Pick<SagaResolution, 'status' | 'counts'>): string {
  const { waiting, decided, unchanged, failed } = counts;
  return `${status}: ${decided} decided, ${unchanged} not parked any more, ${failed} failed, ${waiting} to come`;
}
