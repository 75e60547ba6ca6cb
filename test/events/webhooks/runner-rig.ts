import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { createLogger } from '../../../src/logger.ts';
import { startDeliveryRunner, type DeliveryRunner } from '../../../src/events/webhooks/delivery-runner.ts';
import { webhookSink } from '../../../src/events/webhooks/webhook-sink.ts';
import type { DeadLetterPolicy } from '../../../src/domain/event-delivery.ts';
import { listEndpointDeliveries } from '../../../src/repositories/delivery-log.ts';
import { insertEndpoint } from '../../../src/repositories/webhook-endpoints.ts';
import { createSigningSecret } from '../../../src/webhook-signature.ts';
import { openOrders } from '../../repositories/orders.ts';
import { startReceiver, type Answer } from './receiver.ts';

const logger = createLogger({ level: 'silent', format: 'json' }, 'test');

const DAY_MS = 86_400_000;

const settings = {
  allowPrivate: true,
  requireHttps: false,
  secretOverlapMs: DAY_MS,
  disableAfterMs: 5 * DAY_MS,
  deadAfterMs: 5 * DAY_MS,
  deliveryRetentionMs: 7 * DAY_MS,
  concurrency: 64,
  endpointConcurrency: 4,
};

/** How a runner differs from one with the usual settings. */
export interface RunnerOptions extends Partial<typeof settings> {
  readonly policy?: DeadLetterPolicy;
}

/** A database with endpoints, receivers and runners of one test file. */
export async function openRunnerRig() {
  const orders = await openOrders();
  const { db } = orders;
  const runners: DeliveryRunner[] = [];
  const receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];
  let position = 0;

  const writeEvent = async (subjectId: string, type: string) => {
    position += 1;
    const payload = JSON.stringify({ order_id: subjectId, position });
    const row = { subject_id: subjectId, type, payload, position, sequenced_at: new Date() };
    const { id } = await db.insertInto('outbox').values(row).returning('id').executeTakeFirstOrThrow();
    return id;
  };

  /** Hands an event that has a position to the sink. */
  const deliverAgain = (id: number) =>
    webhookSink(db, () => {}).deliver([{ id, subjectId: '', type: '', payload: {}, createdAt: new Date() }]);

  const addEndpoint = (url: string, eventTypes: readonly string[] = ['*'], secret = createSigningSecret()) =>
    insertEndpoint(db, { url, eventTypes, description: null, enabled: true, secret });

  return {
    db,
    url: orders.url,
    settings,
    /** An endpoint whose receiver somebody else runs. */
    addEndpoint: (url: string) => addEndpoint(url),
    /** An endpoint with a receiver of its own. */
    endpoint: async (options: { answer?: Answer; types?: readonly string[] } = {}) => {
      const receiver = await startReceiver(options.answer);
      receivers.push(receiver);
      const secret = createSigningSecret();
      const { id } = await addEndpoint(receiver.url, options.types, secret);
      return {
        id,
        secret,
        receiver,
        /** The ids of what has arrived, in the order of arrival. */
        arrived: () => receiver.received.map(({ headers }) => Number(headers['webhook-id'])),
        log: () => listEndpointDeliveries(db, id, { limit: 1_000 }),
        row: () => db.selectFrom('webhook_endpoints').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
      };
    },
    /** Writes events of these types for an order, and a delivery of each for each endpoint that wants it; returns their ids. */
    publish: async (types: readonly string[], subjectId = uuidv7()) => {
      const ids: number[] = [];
      for (const type of types) ids.push(await writeEvent(subjectId, type));
      const events = ids.map((id) => ({ id, subjectId, type: '', payload: {}, createdAt: new Date() }));
      await webhookSink(db, () => {}).deliver(events);
      for (const runner of runners) runner.wake();
      return ids;
    },
    deliverAgain,
    /** Gives an event that the runner has written its position, and delivers it. */
    tellOf: async (id: number) => {
      position += 1;
      await sql`update outbox set position = ${position}, sequenced_at = now() where id = ${id}`.execute(db);
      await deliverAgain(id);
      for (const runner of runners) runner.wake();
    },
    start: ({ policy = 'hold', ...changes }: RunnerOptions = {}) => {
      const runner = startDeliveryRunner({
        db,
        settings: { ...settings, ...changes },
        policy,
        logger,
        stopPatienceMs: 100,
      });
      runners.push(runner);
      return runner;
    },
    /** Has time pass for all that waits, as if the clock were moved on; with `forAll` also for what is under way, whose process has then died. */
    passTime: async (ms: number, { forAll = false } = {}) => {
      const back = sql`${ms}::double precision * interval '1 millisecond'`;
      await sql`
        update event_deliveries set next_attempt_at = next_attempt_at - ${back}, first_attempt_at = first_attempt_at - ${back},
          last_attempt_at = last_attempt_at - ${back}, created_at = created_at - ${back}
        where ${forAll} or state <> 'PENDING' or last_attempt_at is null or duration_ms is not null`.execute(db);
      await sql`
        update webhook_endpoints set retry_at = retry_at - ${back}, failing_since = failing_since - ${back},
          last_failed_at = last_failed_at - ${back}`.execute(db);
      for (const runner of runners) runner.wake();
    },
    /** Stops the runners, and removes endpoints and events. */
    clear: async () => {
      await Promise.all(runners.splice(0).map((runner) => runner.stop()));
      await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
      await sql`delete from webhook_endpoints`.execute(db);
      await sql`delete from event_deliveries`.execute(db);
      await sql`delete from outbox`.execute(db);
    },
    close: () => orders.close(),
  };
}
