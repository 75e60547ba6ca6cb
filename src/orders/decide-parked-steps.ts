import pLimit from 'p-limit';
import { batchCalls } from '../batch-calls.ts';
import type { OpenDecision, SagaResolution } from '../domain/saga-resolution.ts';
import { takeDecisions, writeDecisions, type DecisionOutcome } from '../repositories/saga-resolutions.ts';
import type { Db } from '../repositories/schema.ts';
import { CommandRefusedError, type OrderCommands } from '../temporal/order-commands.ts';

/** Decisions that are sent at once: orders that others place and change meanwhile must not wait for them. */
const CONCURRENCY = 8;

/** How long an order's workflow has to write a decision down. */
const DECISION_WAIT_MS = 5_000;

/** What deciding takes. */
export interface DecisionDependencies {
  readonly db: Db;
  readonly commands: Pick<OrderCommands, 'send'>;
}

/**
 * Decides on the next steps of a resolution, at most `limit` of them, and writes what became of each as soon as it is known: somebody watches
 * how far it has come. Returns how many that were.
 * A decision that was sent before is sent again under the same id, so that it acts once; a step that is not parked as it was is
 * left alone.
 */
export async function decideParkedSteps(
  { db, commands }: DecisionDependencies,
  resolution: SagaResolution,
  limit: number,
): Promise<number> {
  const due = await takeDecisions(db, resolution.id, limit);
  const run = pLimit(CONCURRENCY);
  const write = batchCalls({ maxConcurrent: 1, maxSize: limit }, async (outcomes: readonly DecisionOutcome[]) => {
    await writeDecisions(db, resolution.id, outcomes);
    return outcomes.map(() => undefined);
  });
  await Promise.all(due.map(async (open) => write(await run(() => decide(commands, resolution, open)))));
  return due.length;
}

async function decide(
  commands: Pick<OrderCommands, 'send'>,
  { id, action, actor, reason }: SagaResolution,
  { position, orderId, step, isDue }: OpenDecision,
): Promise<DecisionOutcome> {
  if (!isDue) return { position, state: 'UNCHANGED', detail: 'it is not parked any more as it was' };
  const command = { step, action, actor, reason, command_id: `resolution:${id}:${position}` };
  try {
    await commands.send(orderId, 'resolveStep', command, DECISION_WAIT_MS);
    return { position, state: 'DECIDED', detail: null };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { position, state: error instanceof CommandRefusedError ? 'UNCHANGED' : undefined, detail };
  }
}
