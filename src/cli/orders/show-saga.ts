import type { SagaLedger, SagaStep } from '../../client/client.ts';
import { describeResolution } from '../../domain/describe-resolution.ts';
import { resolutions, type Resolution } from '../../domain/messages.ts';
import { isSagaAction } from '../../domain/saga.ts';
import type { Cli } from './connect.ts';
import { paintStatus, stripControls, formatTime } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** `orders saga`: the ledger of steps and compensations, and what to do when the saga is parked. */
export async function runSagaCommand({ client, json, print, printJson, note }: Cli, id: string): Promise<void> {
  const ledger = await client.listSagaSteps({ id });
  if (json) {
    printJson(ledger);
    return;
  }
  print(`saga ${paintStatus(ledger.saga_state)}\n`);
  print(formatTable(columns, ledger.data));
  if (ledger.stall !== null) note(`\n${describeStall(ledger.stall)}`);
  const isFailed = ledger.data.some(({ state }) => state === 'FAILED');
  if (ledger.saga_state === 'NEEDS_ATTENTION' || (isFailed && ledger.saga_state === 'COMPLETED'))
    note(`\n${suggestAction(id, ledger.data)}`);
}

/** What the order waits for of which its steps say nothing. */
function describeStall({ cause, step, since, last_error: error }: NonNullable<SagaLedger['stall']>): string {
  const where = step === null ? '' : ` in ${step}`;
  return stripControls(`${cause}${where}, since ${formatTime(since)}${error === null ? '' : `: ${error}`}`);
}

/** The commands that resume a parked saga, or deal with a notification that failed. */
export function suggestAction(id: string, steps: readonly SagaStep[]): string {
  const failed = steps.filter(({ state }) => state === 'FAILED');
  if (failed.length === 0) return 'No step is marked as failed yet. Try again in a moment.';
  return failed
    .map(({ step, last_error: error }) => {
      if (step === 'reviewOrder') {
        return [
          `the order waits for a person to review it${error === null ? '' : `: ${stripControls(error)}`}`,
          `  orders review ${stripControls(id)} --approve --reason …  let it go on`,
          `  orders review ${stripControls(id)} --reject --reason …   cancel it`,
        ].join('\n');
      }
      const choices = resolutions.map(
        (action) =>
          `  orders retry ${stripControls(id)} --step ${step} --action ${`${action} --reason …`.padEnd(LONGEST)}  ${effectOf(step, action)}`,
      );
      return [`${step} failed${error === null ? '' : `: ${stripControls(error)}`}`, ...choices].join('\n');
    })
    .join('\n');
}

const LONGEST = 'resolve --reason …'.length;

function effectOf(step: string, action: Resolution): string {
  return isSagaAction(step) ? describeResolution(step, action).replace('add a "reference"', 'add --reference …') : '';
}

const columns: readonly Column<SagaStep>[] = [
  { title: 'STEP', of: ({ step, kind }) => (kind === 'undo' ? `↩ ${step}` : step) },
  { title: 'STATE', of: ({ state }) => state, paint: ({ state }, text) => paintStatus(state, text) },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'SINCE', of: (step) => formatTime(step.updated_at) },
  { title: 'BY', of: ({ actor }) => actor },
  { title: 'LAST ERROR', of: (step) => step.last_error ?? '' },
];
