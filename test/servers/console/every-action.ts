import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import { recordDispute } from '../../../src/orders/record-dispute.ts';
import { eventually } from '../../setup/eventually.ts';
import { balances, confirmed, deliver, returnStatesOf } from '../../workflows/later-rig.ts';
import { act, told } from './act.ts';
import { orderPath, type ConsoleSystem } from './start-browser.ts';

/** Each action on a running system, from the form to what the order's services have. */
export function describeEveryAction(system: () => ConsoleSystem): void {
  describe('each action says what it will do, and does it:', () => {
    test('change the status', async () => {
      const { order, page, rig } = await open(system());
      const effects = await act(page, 'status', { 'New status': 'Processing', Reason: 'picked' }, 'Set to Processing');
      expect(effects).toContain('Confirmed becomes Processing');
      expect(await told(page)).toContain('Processing now');
      expect((await rig.order(order.id)).status).toBe('PROCESSING');
    });

    test('ship a part, with tracking', async () => {
      const { order, page, rig } = await open(system(), 3);
      const fields = { Teapot: '1', Carrier: 'DHL', 'Tracking number': 'PART-1', Reason: 'one is here' };
      const effects = await act(page, 'ship', fields, 'Ship this part');
      expect(effects).toContain('Shipped: 1 × Teapot.');
      expect(await told(page)).toContain('the rest is still to ship');
      await expect.poll(() => page.locator('#part-facts').innerText()).toContain('DHL PART-1');
      expect((await rig.order(order.id)).status).toBe('CONFIRMED');
    });

    test('change a quantity, of which the difference goes back', async () => {
      const { order, page, rig } = await open(system());
      const effects = await act(page, 'amend', { 'New quantity': '1', Reason: 'too many' }, 'Change it');
      expect(effects).toContain('About €12.50 go back to the customer');
      expect(await balances(rig, order)).toMatchObject({ keptMinor: 1_250, left: 1 });
    });

    test('take goods back, whose money goes back', async () => {
      const { order, page, rig } = await open(system(), 2, { isDelivered: true });
      const effects = await act(page, 'return', { Teapot: '1', Reason: 'broken' }, 'Take them back');
      expect(effects).toContain('About €12.50');
      await eventually(async () => expect(await returnStatesOf(rig, order.id)).toEqual(['REFUNDED']));
      expect(await balances(rig, order)).toMatchObject({ keptMinor: 1_250 });
    });

    test('offer another payment method', async () => {
      const { rig, openWith } = system();
      await rig.product('TEAPOT', 100);
      const id = await rig.place({ paymentMethod: 'tok_declined' });
      await rig.reaches(id, 'PAYMENT_FAILED');
      await rig.rests(id);
      const page = await openWith('admin', orderPath({ id }));
      const effects = await act(page, 'payment', { Token: 'tok_ok' }, 'Try it');
      expect(effects).toContain('€25.00 are charged');
      await rig.reaches(id, 'CONFIRMED');
    });

    test('send a message again', async () => {
      const { order, page, rig } = await open(system());
      const effects = await act(page, 'message', {}, 'Send it');
      expect(effects).toContain('“Order confirmed” goes to');
      const { rows } = await rig.database.pool.query('select type from order_messages where order_id = $1', [order.id]);
      expect(rows).toEqual([{ type: 'ORDER_CONFIRMED' }]);
    });

    test('add a note', async () => {
      const { page } = await open(system());
      await act(page, 'note', { Note: 'called: deliver after six' }, 'Add it');
      expect(await page.locator('.timeline').innerText()).toContain('called: deliver after six');
    });

    test.each(['Skip', 'Resolve'])('%s a parked step', async (choice) => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      await rig.rests(order.id);
      // What was charged can't be given back now.
      await rig.fault({ service: 'payment', operation: 'refund', mode: 'down', match: { order_id: order.id } });
      const cancelled = rig.command(order.id, 'cancelOrder', {});
      await eventually(async () => expect((await rig.order(order.id)).sagaState).toBe('NEEDS_ATTENTION'));
      const page = await openWith('operator', orderPath(order));
      const effects = await act(page, 'resolve', { [choice]: 'yes', Reason: 'given back by hand' }, choice);
      await rig.noFaults();
      expect(effects).toContain(`${choice} of “`);
      await cancelled;
      expect((await rig.order(order.id)).sagaState).not.toBe('NEEDS_ATTENTION');
      await expect.poll(() => page.locator('.timeline').innerText()).toContain('given back by hand');
    });
  });
}

/** What somebody decides whom the bank or a check asks. */
export function describeJudgements(system: () => ConsoleSystem): void {
  describe('a person judges, and the order follows:', () => {
    test.each([
      ['Won', 'stay with us', 2_500],
      ['Lost', 'count as gone back', 0],
    ] as const)('close a dispute as %s', async (outcome, effect, keptMinor) => {
      const { order, page, rig } = await open(system(), 2, { isDelivered: true });
      const dispute = { orderId: order.id, disputeId: `dp-${uuidv7()}`, amountMinor: 2_500, currency: 'EUR' };
      await recordDispute(
        { ...rig.dependencies, db: rig.db, commands: rig.commands },
        { ...dispute, state: 'OPEN', reason: 'fraudulent', respondBy: null },
      );
      await page.reload();
      expect(await page.locator('.order-head + .notice').innerText()).toContain('€25.00 are disputed: fraudulent');
      const fields = { 'It was': outcome, Reason: 'the bank wrote so' };
      const effects = await act(page, 'dispute', fields, `It was ${outcome.toLowerCase()}`);
      expect(effects).toContain(`€25.00 ${effect}`);
      expect(await told(page)).toBe(`The dispute is closed as ${outcome.toLowerCase()}.`);
      expect(await page.locator('#action-dispute').count()).toBe(0);
      expect(await page.locator('.timeline').innerText()).toContain('the bank wrote so');
      expect((await rig.order(order.id)).sagaState).toBe('COMPLETED');
      const { rows } = await rig.database.pool.query<{ kept: number }>(
        'select (total_minor - refunded_minor)::integer as kept from orders where id = $1',
        [order.id],
      );
      expect(rows).toEqual([{ kept: keptMinor }]);
    });

    test.each([
      ['Approve', 'CONFIRMED', 'goes on: it is paid for and confirmed'],
      ['Reject', 'CANCELLED', 'the order is cancelled'],
    ] as const)('%s an order that waits for a review', async (decision, status, effect) => {
      const { rig, openWith } = system();
      await rig.product('TEAPOT', 100);
      const id = await rig.place({ paymentMethod: 'tok_review' });
      await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
      await rig.rests(id);
      const page = await openWith('support', '/console/queues/review');
      const { orderNumber } = await rig.order(id);
      await page.getByRole('link', { name: orderNumber }).click();
      await page.locator('.order-head').waitFor();
      expect(await page.locator('.order-head + .notice').innerText()).toContain('always reviewed');
      const effects = await act(page, 'review', { Decision: decision, Reason: 'looked into it' }, decision);
      expect(effects).toContain(effect);
      await rig.reaches(id, status);
      await expect.poll(() => page.locator('.timeline').innerText()).toContain('looked into it');
      await expect.poll(() => page.locator('#action-review').count()).toBe(0);
    });
  });
}

/** A confirmed order of teapots, and its page in front of somebody who may do everything. */
async function open(system: ConsoleSystem, quantity = 2, { isDelivered = false }: { isDelivered?: boolean } = {}) {
  const { rig, openWith } = system;
  const order = await confirmed(rig, quantity);
  if (isDelivered) await deliver(rig, order.id);
  await rig.rests(order.id);
  return { order, rig, page: await openWith('admin', orderPath(order)) };
}
