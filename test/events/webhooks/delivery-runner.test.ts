import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { claimDeliveries } from '../../../src/repositories/webhook-deliveries.ts';
import { faultOfSignature } from '../../../src/webhook-signature.ts';
import { eventually } from '../../setup/eventually.ts';
import { answerWith } from './receiver.ts';
import { openRunnerRig } from './runner-rig.ts';

let rig: Awaited<ReturnType<typeof openRunnerRig>>;

beforeAll(async () => {
  rig = await openRunnerRig();
});
afterEach(() => rig.clear());
afterAll(() => rig.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Two events of an order. */
const two = ['order.created', 'order.confirmed'];

test('each event reaches each endpoint that wants its type, signed with the secret of that endpoint, under the event’s id', async () => {
  const all = await rig.endpoint({ types: ['*'] });
  const family = await rig.endpoint({ types: ['payment.*'] });
  const exact = await rig.endpoint({ types: ['order.confirmed', 'payment.failed'] });
  rig.start();
  const [created, confirmed, processed] = await rig.publish([...two, 'payment.processed']);

  await eventually(() => expect(all.arrived()).toEqual([created, confirmed, processed]));
  await eventually(() => expect(family.arrived()).toEqual([processed]));
  await eventually(() => expect(exact.arrived()).toEqual([confirmed]));
  for (const { receiver, secret } of [all, family, exact]) {
    for (const { headers, body } of receiver.received) {
      expect(faultOfSignature(secret, headers as Record<string, string>, body)).toBeUndefined();
      expect(JSON.parse(body)).toMatchObject({ specversion: '1.0', id: headers['webhook-id'] });
    }
  }
  await eventually(async () =>
    expect(await exact.log()).toMatchObject([
      { eventId: confirmed, state: 'DELIVERED', attempts: 1, responseStatus: 204, lastError: null },
    ]),
  );
});

test('no event is sent before an earlier one of its order was received, and other orders go on', async () => {
  const stuck = uuidv7();
  const { arrived, log } = await rig.endpoint({
    answer: ({ body }, response) => {
      response.writeHead(JSON.parse(body).subject === stuck ? 422 : 204).end();
    },
  });
  rig.start();
  const [first, second] = await rig.publish(two, stuck);
  const others = await rig.publish(two);
  await eventually(() => expect(arrived()).toEqual(expect.arrayContaining([first, ...others])));
  expect(arrived()).not.toContain(second);
  await eventually(async () =>
    expect(await log()).toEqual(
      expect.arrayContaining([expect.objectContaining({ eventId: first, state: 'PENDING', responseStatus: 422 })]),
    ),
  );
});

test('a receiver that failed for an hour gets everything in order when it is back', async () => {
  const endpoint = await rig.endpoint({ answer: answerWith(500) });
  rig.start();
  const ids = [await rig.publish(two), await rig.publish(two), await rig.publish(two)];
  await eventually(async () => expect((await endpoint.row()).failing_since).not.toBeNull());
  for (let quarters = 0; quarters < 4; quarters += 1) {
    const before = endpoint.arrived().length;
    await rig.passTime(HOUR_MS / 4);
    await eventually(() => expect(endpoint.arrived().length).toBeGreaterThan(before));
  }
  endpoint.receiver.received.length = 0;
  endpoint.receiver.answer = answerWith(204);
  await rig.passTime(HOUR_MS / 6);
  await eventually(async () => {
    await rig.passTime(HOUR_MS / 6);
    expect(endpoint.arrived()).toHaveLength(6);
  });
  for (const ofOrder of ids) expect(endpoint.arrived().filter((id) => ofOrder.includes(id))).toEqual(ofOrder);
  await eventually(async () => expect(await endpoint.row()).toMatchObject({ failures: 0, failing_since: null }));
});

test('a receiver is left alone for as long as it asks', async () => {
  const endpoint = await rig.endpoint({ answer: answerWith(429, { 'retry-after': '600' }) });
  rig.start();
  await rig.publish(two);
  await eventually(async () => expect((await endpoint.row()).failures).toBe(1));
  const later = await rig.publish(two);
  endpoint.receiver.answer = answerWith(204);
  await rig.passTime(595_000);
  const { retry_at: retryAt } = await endpoint.row();
  expect(retryAt.getTime()).toBeGreaterThan(Date.now());
  expect(endpoint.arrived()).toHaveLength(1);
  await rig.passTime(6_000);
  await eventually(() => expect(endpoint.arrived()).toEqual(expect.arrayContaining(later)));
});

test('a receiver that asks to be left alone for days is asked again after an hour', async () => {
  const endpoint = await rig.endpoint({ answer: answerWith(503, { 'retry-after': String(30 * 86_400) }) });
  rig.start();
  await rig.publish(['order.created']);
  await eventually(async () => expect((await endpoint.row()).failures).toBe(1));
  const { retry_at: retryAt } = await endpoint.row();
  expect(retryAt.getTime()).toBeLessThan(Date.now() + 1.1 * HOUR_MS);
});

/** An endpoint that refuses the first of an order's two events until that is a dead letter. */
const failFirst = async (policy: 'hold' | 'skip') => {
  const stuck = uuidv7();
  const endpoint = await rig.endpoint({
    answer: ({ body }, response) => {
      const { subject, type } = JSON.parse(body);
      response.writeHead(subject === stuck && type === 'order.created' ? 400 : 204).end();
    },
  });
  rig.start({ policy, deadAfterMs: HOUR_MS });
  const [first, second] = await rig.publish(two, stuck);
  await eventually(() => expect(endpoint.arrived()).toEqual([first]));
  await eventually(async () => expect((await endpoint.row()).failing_since).not.toBeNull());
  await rig.passTime(2 * HOUR_MS);
  await eventually(async () =>
    expect((await endpoint.log()).find(({ eventId }) => eventId === first)?.state).toBe('DEAD'),
  );
  return { endpoint, second };
};

describe('a delivery that fails for too long', () => {
  test('is a dead letter, and later events of its order wait behind it', async () => {
    const { endpoint, second } = await failFirst('hold');
    const others = await rig.publish(two);
    await eventually(() => expect(endpoint.arrived()).toEqual(expect.arrayContaining(others)));
    expect(endpoint.arrived()).not.toContain(second);
  });

  test('is a dead letter, and later events of its order go on where the settings say so', async () => {
    const { endpoint, second } = await failFirst('skip');
    await eventually(() => expect(endpoint.arrived()).toContain(second));
  });
});

describe('an endpoint is disabled', () => {
  test('at once when its receiver says that it is gone, and others that want it are told', async () => {
    const gone = await rig.endpoint({ answer: answerWith(410) });
    const told = await rig.endpoint({ types: ['webhook_endpoint.*'] });
    rig.start();
    await rig.publish(two);
    await eventually(async () =>
      expect(await gone.row()).toMatchObject({ enabled: false, disabled_reason: 'GONE', last_error: 'answered 410' }),
    );
    const event = await rig.db
      .selectFrom('outbox')
      .selectAll()
      .where('type', '=', 'webhook_endpoint.disabled')
      .executeTakeFirstOrThrow();
    expect(event).toMatchObject({
      subject_id: gone.id,
      payload: { endpoint_id: gone.id, reason: 'GONE', url: gone.receiver.url },
    });
    await rig.tellOf(event.id);
    await eventually(() => expect(told.arrived()).toEqual([event.id]));
    expect((await gone.log()).map(({ eventId }) => eventId)).not.toContain(event.id);
  });

  test('after it has accepted nothing for too long, and what waits for it is no dead letter', async () => {
    const endpoint = await rig.endpoint({ answer: answerWith(500) });
    rig.start();
    const ids = await rig.publish(two);
    await eventually(async () => expect((await endpoint.row()).failing_since).not.toBeNull());
    await rig.passTime(4 * DAY_MS);
    await eventually(() => expect(endpoint.arrived().length).toBeGreaterThan(1));
    expect(await endpoint.row()).toMatchObject({ enabled: true });
    await eventually(async () => {
      await rig.passTime(1.1 * DAY_MS);
      expect(await endpoint.row()).toMatchObject({ enabled: false, disabled_reason: 'FAILING' });
    });
    const states = (await endpoint.log()).filter(({ eventId }) => ids.includes(eventId)).map(({ state }) => state);
    expect(states).toEqual(['PENDING', 'PENDING']);
  });

  test('not while it accepts anything between its failures', async () => {
    const refused = uuidv7();
    const endpoint = await rig.endpoint({
      answer: ({ body }, response) => {
        response.writeHead(JSON.parse(body).subject === refused ? 500 : 204).end();
      },
    });
    rig.start({ deadAfterMs: 90 * DAY_MS });
    await rig.publish(['order.created'], refused);
    for (let days = 0; days < 9; days += 3) {
      await eventually(async () => {
        await rig.passTime(HOUR_MS / 4);
        expect((await endpoint.row()).failing_since).not.toBeNull();
      });
      await rig.passTime(3 * DAY_MS);
      const [other = 0] = await rig.publish(['order.created']);
      await eventually(() => expect(endpoint.arrived()).toContain(other));
    }
    expect(await endpoint.row()).toMatchObject({ enabled: true });
  });
});

test('what a process has sent and not recorded is sent again under the same id', async () => {
  const endpoint = await rig.endpoint();
  const [id] = await rig.publish(['order.created']);
  const limits = { total: 10, perEndpoint: 10, busy: [], policy: 'hold', leaseMs: 30_000 } as const;
  expect(await claimDeliveries(rig.db, limits)).toMatchObject([{ eventId: id, attempts: 1 }]);
  // Here it dies.
  rig.start();
  const [other = 0] = await rig.publish(['order.created']);
  // What has arrived and is not recorded yet would be sent again as well.
  await eventually(async () =>
    expect(await endpoint.log()).toEqual(
      expect.arrayContaining([expect.objectContaining({ eventId: other, state: 'DELIVERED' })]),
    ),
  );
  await rig.passTime(31_000, { forAll: true });
  await eventually(() => expect(endpoint.arrived()).toEqual([other, id]));
  await eventually(async () =>
    expect(await endpoint.log()).toMatchObject([{ eventId: other }, { eventId: id, state: 'DELIVERED', attempts: 2 }]),
  );
});

test('an event whose deliveries were written by a process that died before it moved its cursor is sent once', async () => {
  const endpoint = await rig.endpoint();
  rig.start();
  const order = uuidv7();
  const [id = 0] = await rig.publish(['order.created'], order);
  await eventually(async () => expect(await endpoint.log()).toMatchObject([{ eventId: id, state: 'DELIVERED' }]));
  // The cursor is where it was: the next publisher has the same event before it.
  await rig.deliverAgain(id);
  const [next] = await rig.publish(['order.confirmed'], order);
  await eventually(() => expect(endpoint.arrived()).toEqual([id, next]));
});

test('with several processes each event is sent once, and each order’s in order', async () => {
  const endpoints = await Promise.all([rig.endpoint(), rig.endpoint(), rig.endpoint()]);
  for (let n = 0; n < 3; n += 1) rig.start();
  const orders = await Promise.all(
    Array.from({ length: 15 }, () => rig.publish([...two, 'order.shipped', 'order.delivered'])),
  );
  for (const { arrived } of endpoints) {
    await eventually(() => expect(arrived()).toHaveLength(60));
    for (const ids of orders) expect(arrived().filter((id) => ids.includes(id))).toEqual(ids);
  }
});

test('no endpoint has more under way than its limit', async () => {
  let underWay = 0;
  let most = 0;
  const endpoint = await rig.endpoint({
    answer: (_, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.writeHead(204).end();
      }, 5);
    },
  });
  rig.start({ endpointConcurrency: 3 });
  await Promise.all(Array.from({ length: 30 }, () => rig.publish(['order.created'])));
  await eventually(() => expect(endpoint.arrived()).toHaveLength(30));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
});

test('receivers that hang delay no other', async () => {
  const hanging = await Promise.all([rig.endpoint({ answer: () => {} }), rig.endpoint({ answer: () => {} })]);
  const others = await Promise.all(Array.from({ length: 8 }, () => rig.endpoint()));
  rig.start();
  for (let n = 0; n < 10; n += 1) await rig.publish(two);
  for (const { arrived } of others) await eventually(() => expect(arrived()).toHaveLength(20));
  for (const { arrived } of hanging) expect(arrived().length).toBeLessThanOrEqual(rig.settings.endpointConcurrency);
});

test('a process that stops leaves what it could not finish to others, at once', async () => {
  const endpoint = await rig.endpoint({ answer: () => {} });
  const runner = rig.start();
  const [id] = await rig.publish(['order.created']);
  await eventually(() => expect(endpoint.arrived()).toEqual([id]));
  await runner.stop();
  expect(await endpoint.log()).toMatchObject([{ eventId: id, state: 'PENDING', attempts: 0 }]);
  endpoint.receiver.answer = answerWith(204);
  rig.start();
  await eventually(async () => expect(await endpoint.log()).toMatchObject([{ state: 'DELIVERED' }]));
});

test('done deliveries are removed after their retention, and what waits for a disabled endpoint is given up then', async () => {
  const endpoint = await rig.endpoint();
  const first = rig.start();
  await rig.publish(['order.created']);
  await eventually(async () => expect(await endpoint.log()).toMatchObject([{ state: 'DELIVERED' }]));
  await first.stop();
  await sql`update webhook_endpoints set enabled = false, disabled_reason = 'BY_HAND', disabled_at = now()`.execute(
    rig.db,
  );
  const [waiting] = await rig.publish(['order.created']);
  await rig.passTime(8 * DAY_MS);
  const [young] = await rig.publish(['order.created']);
  rig.start();
  await eventually(async () => expect(await endpoint.log()).toMatchObject([{ eventId: young, state: 'PENDING' }]));
  expect((await endpoint.log()).map(({ eventId }) => eventId)).not.toContain(waiting);
});
