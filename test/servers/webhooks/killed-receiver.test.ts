import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../src/repositories/database.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';
import { eventually } from '../../setup/eventually.ts';

const secret = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;

let system: TestSystem;
let database: Database;

beforeAll(async () => {
  system = await startTestSystem({ PAYMENT_WEBHOOK_SECRET: secret });
  const url = system.running().databaseAdminUrl ?? '';
  database = openDatabase(url, { max: 4, name: 'test', onError: () => {} });
});
afterAll(async () => {
  await database.close();
  await system.destroy();
});

interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** Sends a message as its service does, signed anew each time. */
async function send({ id, type, data }: Message): Promise<{ status: number; effect: string }> {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  const at = new Date();
  const response = await fetch(`${system.running().apiUrl}/api/v1/webhooks/payments`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  });
  const answer = (await response.json()) as { effect: string };
  return { status: response.status, effect: answer.effect };
}

/** Sends a message again until it is answered, as its service does whose connection broke. */
function sendAgain(message: Message) {
  return eventually(async () => {
    const answer = await send(message);
    return answer.status < 500 && answer;
  });
}

async function placeConfirmed(): Promise<string> {
  const { body } = await system.call('POST', '/orders', { body: teaOrder, headers: { prefer: 'respond-async' } });
  await reaches(body.id, { status: 'CONFIRMED' });
  return body.id;
}

async function reaches(id: string, standing: object): Promise<void> {
  await eventually(async () => expect((await system.call('GET', `/orders/${id}`)).body).toMatchObject(standing));
}

const inboxRow = (id: string) =>
  database.db.selectFrom('inbox').select(['state', 'deliveries']).where('id', '=', id).executeTakeFirst();

/** Locks the order's row; whoever writes the order waits until the returned function is called. */
async function lockOrder(id: string): Promise<() => Promise<void>> {
  const transaction = await database.db.startTransaction().execute();
  await transaction.selectFrom('orders').select('id').where('id', '=', id).forUpdate().execute();
  return () => transaction.rollback().execute();
}

function killReceiver(): void {
  process.kill(system.running().pids.app!, 'SIGKILL');
}

test('a refund whose receiver is killed after it has kept the message, and before it has booked it, is booked once when it is sent again', async () => {
  const id = await placeConfirmed();
  const refund = { order_id: id, refund_id: 're_1', amount: '10.00', currency: 'EUR' };
  const message = { id: 'm-refund', type: 'payment.refunded', data: refund };
  const unlock = await lockOrder(id);
  const unanswered = send(message).catch(() => 'no answer');
  await eventually(async () => expect(await inboxRow(message.id)).toEqual({ state: 'RECEIVED', deliveries: 1 }));
  killReceiver();
  expect(await unanswered).toBe('no answer');
  await unlock();

  expect(await sendAgain(message)).toEqual({ status: 200, effect: 'APPLIED' });
  expect(await send(message)).toEqual({ status: 200, effect: 'REPEATED' });
  expect((await inboxRow(message.id))?.state).toBe('APPLIED');
  await reaches(id, { payment_status: 'PARTIALLY_REFUNDED', refunded_amount: '10.00' });
  const { body } = await system.call('GET', `/orders/${id}/payments`, { roles: ['support'] });
  expect(body.data.filter(({ kind }: { kind: string }) => kind === 'REFUND')).toHaveLength(1);
});
