import { isSagaAction } from '../../../src/domain/saga.ts';
import type { World } from './world.ts';

/**
 * What the search attributes say otherwise than the order is, at a moment at which the workflow knows all that has happened. They are what
 * operators find orders by: `SagaStep` has to name a step that the order waits in, and `NeedsAttention` has to be true while one is parked.
 */
export function findDisagreement({ server, projection }: World): string | undefined {
  if (!server.isCalm()) return undefined;
  const named = server.searchAttributes.get('SagaStep');
  const step = typeof named === 'string' ? named : undefined;
  const needsAttention = server.searchAttributes.get('NeedsAttention') === true;
  if (server.ending()) {
    return needsAttention || step !== undefined ? `ended with ${step}, ${needsAttention}` : undefined;
  }
  // While the database is away the order's row says less than the workflow knows.
  if (!server.waitsFor().every(isSagaAction)) return undefined;
  const { ledger, order } = projection.rows;
  const retried = server.waitsFor().filter(isSagaAction);
  const failed = [...ledger].flatMap(([key, state]) => (state === 'FAILED' ? [key.split(' ').at(-1)] : []));
  const parked = failed.filter((name) => name !== 'notifyCustomer');
  const isParked = order.sagaState === 'NEEDS_ATTENTION';
  // An attempt that counted as failed has succeeded after all: the row is ahead, and whoever watches for waiting orders says so.
  const isAhead =
    needsAttention && [...ledger].some(([key, state]) => key.split(' ').at(-1) === step && state === 'DONE');
  if (isAhead) return undefined;
  if (needsAttention !== isParked) return `NeedsAttention is ${needsAttention} of an order that is ${order.sagaState}`;
  const waited: readonly unknown[] = isParked ? [...retried, ...parked] : retried;
  if (step === undefined)
    return waited.length === 0 ? undefined : `SagaStep is not set while ${waited.join()} is waited for`;
  return waited.includes(step) ? undefined : `SagaStep is ${step} while ${waited.join() || 'nothing'} is waited for`;
}
