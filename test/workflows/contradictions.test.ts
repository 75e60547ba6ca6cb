import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandRefusedError, type CommandReply } from '../../src/temporal/order-commands.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

/** Enough for either command to come first in some of them. */
const ROUNDS = 8;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

test('of cancelling and shipping at the same moment one happens, and each caller is told which', async () => {
  const ids = await Promise.all(Array.from({ length: ROUNDS }, () => rig.place()));
  const endings = await Promise.all(
    ids.map(async (id, round) => {
      await rig.reaches(id, 'CONFIRMED');
      await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
      const cancel = () => told(rig.command(id, 'cancelOrder', {}));
      const ship = () => told(rig.command(id, 'changeStatus', { status: 'SHIPPED' }));
      const [cancelled, shipped] =
        round % 2 === 0 ? await Promise.all([cancel(), ship()]) : (await Promise.all([ship(), cancel()])).toReversed();
      return { id, cancelled, shipped };
    }),
  );

  for (const { id, cancelled, shipped } of endings) {
    const { status } = await rig.order(id);
    expect([status, cancelled, shipped]).toEqual(
      status === 'CANCELLED'
        ? ['CANCELLED', 'CANCELLED', 'TRANSITION_NOT_ALLOWED']
        : ['SHIPPED', 'TOO_LATE_TO_CANCEL', 'SHIPPED'],
    );
    expect(await rig.money(id)).toEqual([status === 'CANCELLED' ? 'REFUNDED' : 'CAPTURED']);
    expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING', status]);
  }
  await stockIsWhatWasKept();
});

test('a command that was allowed when it came, and no longer is when its turn comes, is refused', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  // Both meet the workflow in the same task, whose worker comes only when they are there.
  await rig.stopWorker();
  const picked = Promise.all([1, 2].map(() => told(rig.command(id, 'changeStatus', { status: 'PROCESSING' }))));
  await eventually(async () => (await rig.handle(id).describe()).raw.pendingWorkflowTask?.attempt === 1);
  await rig.startWorker();

  expect((await picked).toSorted()).toEqual(['PROCESSING', 'TRANSITION_NOT_ALLOWED']);
  expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING']);
});

test('of cancelling and offering another payment at the same moment the cancellation wins, and no money stays', async () => {
  const ids = await Promise.all(Array.from({ length: ROUNDS }, () => rig.place({ paymentMethod: 'tok_declined' })));
  await Promise.all(
    ids.map(async (id, round) => {
      await rig.reaches(id, 'PAYMENT_FAILED');
      const cancel = () => told(rig.command(id, 'cancelOrder', {}));
      const retry = () => told(rig.command(id, 'retryPayment', { payment_method: 'tok_ok' }));
      const [cancelled, retried] =
        round % 2 === 0
          ? await Promise.all([cancel(), retry()])
          : (await Promise.all([retry(), cancel()])).toReversed();

      expect(cancelled).toBe('CANCELLED');
      // The offer was either taken before the cancellation, or refused because of it.
      expect(['PENDING', 'TRANSITION_NOT_ALLOWED']).toContain(retried);
      expect((await rig.order(id)).status).toBe('CANCELLED');
      expect(await rig.money(id)).not.toContain('CAPTURED');
    }),
  );
  await stockIsWhatWasKept();
});

test('an order that is cancelled while it is being charged is cancelled, and no money stays', async () => {
  const ids = await Promise.all(
    Array.from({ length: ROUNDS }, async (_, round) => {
      const { id } = await rig.accept();
      const slow = { service: 'payment', operation: 'charge', mode: 'slow', times: 1, delay_ms: round * 40 } as const;
      await rig.fault({ ...slow, match: { order_id: id } });
      return id;
    }),
  );
  await Promise.all(
    ids.map(async (id) => {
      expect(await rig.command(id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });
      expect(await rig.history(id)).toSatisfy((walk: string[]) => walk.at(-1) === 'CANCELLED');
      expect(await rig.money(id)).not.toContain('CAPTURED');
    }),
  );
  await stockIsWhatWasKept();
});

/** What a caller learns: the status that the order has now, or the code of the refusal. */
async function told(reply: Promise<CommandReply>): Promise<string> {
  try {
    const answer = await reply;
    return answer.outcome === 'done' ? answer.status : answer.outcome;
  } catch (error) {
    if (error instanceof CommandRefusedError) return error.type;
    throw error;
  }
}

async function stockIsWhatWasKept(): Promise<void> {
  await eventually(async () => {
    const kept = await rig.db.selectFrom('orders').select('id').where('status', '!=', 'CANCELLED').execute();
    expect(await rig.stock('TEAPOT')).toEqual({ stock: 100 - 2 * kept.length, reserved: 0 });
  });
}
