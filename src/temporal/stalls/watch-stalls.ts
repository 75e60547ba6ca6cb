import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ServiceError } from '@temporalio/client';
import { CREATE_ORDER } from '../../domain/messages.ts';
import type { Stall } from '../../domain/waiting-order.ts';
import type { Logger } from '../../logger.ts';
import { findNotParked, findQuietOrders, watchAlone, writeStalls } from '../../repositories/order-stalls.ts';
import { claimSnapshot, STALL_PASS } from '../../repositories/metric-snapshots.ts';
import type { Db } from '../../repositories/schema.ts';
import { findSealedOrders } from '../../repositories/sealed-orders.ts';
import type { TemporalConnection, TemporalConnector } from '../connection.ts';
import { listOrderIds } from '../reconciler/list-order-ids.ts';
import { readStall } from './read-stall.ts';

/** How often it is looked: with the four seconds after which an order counts as quiet, a stuck one is found within ten. */
const INTERVAL_MS = 2_000;

/** Of any number of processes one begins a pass in this time; a timer may fire a moment early. */
const PASS_EVERY_MS = INTERVAL_MS - 100;

/** Orders of each kind that are looked at in a pass; the others follow in the next ones. */
const LIMIT = 40;

/** Workflows read at the same time: a background task leaves Temporal to the orders. */
const CONCURRENCY = 8;

/** A pass ends within this time, or is left to the next one. */
const PASS_LIMIT_MS = 8_000;

/** What a pass works with. */
export interface StallDependencies {
  readonly db: Db;
  readonly temporal: TemporalConnection;
  readonly logger: Logger;
}

/** A watch that is under way. */
export interface StallWatch {
  readonly stop: () => Promise<void>;
}

/**
 * Finds orders that wait for something of which only Temporal knows: an activity that is paused, workflow tasks that fail, work that
 * no worker takes. Runs in every process, so that it goes on when there is no worker; one of them looks, in each two seconds.
 */
export function startStallWatch(
  connector: TemporalConnector,
  { db, logger }: Omit<StallDependencies, 'temporal'>,
): StallWatch {
  const stopping = new AbortController();
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await delay(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => {});
      const temporal = connector.current();
      if (stopping.signal.aborted || !temporal) continue;
      await findStallsInTurn({ db, temporal, logger }).catch((error: unknown) => {
        logger.warn({ err: error }, 'waiting orders not looked at');
      });
    }
  };
  const done = watch();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

/** One pass, unless another process has begun one lately: what a pass asks of Temporal does not grow with the processes. */
async function findStallsInTurn(dependencies: StallDependencies): Promise<void> {
  const isOurs = await claimSnapshot(dependencies.db, STALL_PASS, { maxAgeMs: 0, leaseMs: PASS_EVERY_MS });
  if (isOurs) await findStalls(dependencies);
}

/** One pass; does nothing while another process makes one. */
export async function findStalls({ db, temporal, logger }: StallDependencies): Promise<void> {
  const { client, connection } = temporal;
  await watchAlone(db, (transaction) =>
    connection.withDeadline(Date.now() + PASS_LIMIT_MS, async () => {
      const ids = new Set([
        ...(await findQuietOrders(transaction, LIMIT)),
        ...(await listMarked(temporal, 'TemporalPauseInfo IS NOT NULL')),
        ...(await listMarked(temporal, 'TemporalReportedProblems IS NOT NULL')),
        ...(await findNotParked(transaction, await listMarked(temporal, 'NeedsAttention = true'))),
      ]);
      const limit = pLimit(CONCURRENCY);
      const seen: string[] = [];
      const stalls: Stall[] = [];
      const look = async (id: string) => {
        try {
          const stall = await readStall(client, id);
          seen.push(id);
          if (stall) stalls.push(stall);
        } catch (error) {
          logger.debug({ err: error, order_id: id }, 'waiting order not looked at');
        }
      };
      await Promise.all([...ids].map((id) => limit(() => look(id))));
      if (seen.length === 0) return;
      stalls.push(...(await findNotStartable(transaction, seen)));
      await writeStalls(transaction, seen, stalls);
    }),
  );
}

/** Orders without a workflow, which can't have one until a key is there: the attempts to start them are on no record. */
async function findNotStartable(db: Db, ids: readonly string[]): Promise<Stall[]> {
  const sealed = await findSealedOrders(db, ids);
  return sealed.map(({ orderId, acceptedAt, why }) => ({
    orderId,
    cause: 'KEY_MISSING',
    step: null,
    since: acceptedAt,
    attempts: 0,
    lastError: `the payment method: ${why}`,
  }));
}

/** Orders that are marked in Temporal. Earlier servers don't know each attribute of their own. */
async function listMarked(temporal: TemporalConnection, condition: string): Promise<string[]> {
  const query = `WorkflowType = '${CREATE_ORDER}' AND ${condition} AND CloseTime IS NULL`;
  try {
    return await listOrderIds(temporal, query, LIMIT);
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}
