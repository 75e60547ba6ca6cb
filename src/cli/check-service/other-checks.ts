import { z } from 'zod';
import {
  codeOf,
  demand,
  describe,
  newOrder,
  read,
  requireOfferedOrThere,
  requireStatus,
  together,
  type Call,
  type Check,
} from './check.ts';
import { accessCheck, errorShapeCheck } from './general-checks.ts';

/** What the checks of a customer or a notification service work with: an active customer. */
export interface CustomerTrial {
  readonly customer: string;
}

const user = z.looseObject({ id: z.string(), status: z.enum(['ACTIVE', 'INACTIVE']) });
const users = z.looseObject({ data: z.array(user) });

/** The checks of a customer service, which changes nothing by them. */
export function customerChecks({ customer }: CustomerTrial): Check[] {
  return [
    {
      id: 'find-customer',
      severity: 'major',
      expected: 'an active customer is found by id, alone and among several, and unknown ones are left out',
      matters: 'no order could be placed, or one unknown customer would hold up the orders of others',
      run: async ({ send }) => {
        const alone = await send(byId(customer));
        requireStatus(alone, [200], 'a search for the customer');
        const found = read(alone, user, 'a search for the customer');
        demand(found.id === customer && found.status === 'ACTIVE', `the customer is found as ${describe(alone)}`);
        const query = new URLSearchParams([
          ['id', customer],
          ['id', 'check-nobody'],
          ['id', '誰か & co'],
        ]);
        const several = await send({ method: 'GET', path: `/users?${query.toString()}` });
        requireStatus(several, [200], 'a search for three customers');
        const ids = read(several, users, 'a search for three customers').data.map(({ id }) => id);
        demand(
          ids.length === 1 && ids[0] === customer,
          `of ${customer} and two unknown ones these are found: ${ids.join(', ')}`,
        );
      },
    },
    {
      id: 'find-customer-unknown',
      severity: 'critical',
      expected: 'an unknown customer, of whatever script, is answered 404 with a code',
      matters: 'orders could be placed for nobody, or a proxy’s 404 would refuse the orders of everybody',
      run: async ({ send }) => {
        for (const id of ['check-nobody', '誰か/？ 🫖']) {
          // One after the other is quick enough.
          // oxlint-disable-next-line no-await-in-loop
          const answer = await send(byId(id));
          demand(answer.status === 404 && codeOf(answer) !== undefined, `"${id}" was answered ${describe(answer)}`);
        }
      },
    },
    {
      id: 'create-customer-known',
      severity: 'major',
      expected: 'a customer who is there already is not created: that is answered 409, and they stay as they are',
      matters: 'an import that creates who is missing would change names, or let inactive customers order',
      run: async ({ send }) => {
        const before = read(await send(byId(customer)), user, 'a search for the customer');
        const answer = await send({ method: 'POST', path: '/users', body: { ...before, id: customer } });
        requireOfferedOrThere(answer, 'a customer who is there already');
        const after = read(await send(byId(customer)), user, 'a search for the customer');
        demand(JSON.stringify(after) === JSON.stringify(before), 'the customer is another one now');
      },
    },
    accessCheck('anybody could read who your customers are', byId('check-nobody')),
  ];
}

function byId(id: string): Call {
  return { method: 'GET', path: `/users/${encodeURIComponent(id)}` };
}

const sent = z.looseObject({ id: z.string() });
const accepted = [200, 201, 202, 204];

/** The checks of a notification service: the customer gets up to four messages. */
export function notificationChecks({ customer }: CustomerTrial): Check[] {
  const message = (orderId: string, more: object = {}) => messageTo(customer, orderId, more);
  return [
    {
      id: 'send-repeated',
      severity: 'critical',
      expected: 'a message that is sent again with its key, also in parallel, is accepted and is the same message',
      matters: 'customers would be told the same twice and more',
      run: async ({ send }) => {
        const orderId = newOrder();
        const answers = [...(await together(8, () => send(message(orderId)))), await send(message(orderId))];
        for (const answer of answers) requireStatus(answer, accepted, 'one of several messages with one key');
        const ids = new Set(answers.flatMap(({ body }) => sent.safeParse(body).data?.id ?? []));
        demand(ids.size <= 1, `nine messages with one key are ${ids.size}`);
        const created = answers.filter(({ status }) => status === 201).length;
        demand(created <= 1, `of nine messages with one key ${created} were answered 201`);
      },
    },
    {
      id: 'send-key-reused',
      severity: 'major',
      expected: 'the key of another message is answered 422',
      matters: 'a message could be taken for one that was sent already, and be lost',
      run: async ({ send }) => {
        const orderId = newOrder();
        requireStatus(await send(message(orderId)), accepted, 'a message');
        const other = await send(message(orderId, { customer_id: `${customer}-2` }));
        requireStatus(other, [422], 'a message with the key of another one');
      },
    },
    {
      id: 'send-reply-lost',
      severity: 'major',
      expected: 'a message whose sender is gone before the answer is accepted when it is sent again',
      matters: 'customers would not be told',
      run: async ({ send, sendAndLeave }) => {
        const orderId = newOrder();
        await sendAndLeave({ ...message(orderId), cutAfterMs: 5 });
        requireStatus(await send(message(orderId)), accepted, 'a message that is sent again');
      },
    },
    {
      id: 'send-unknown',
      severity: 'minor',
      expected: 'types and fields that the service does not know are accepted and ignored',
      matters: 'a new version of this system could not be used with it',
      run: async ({ send }) => {
        const more = { type: 'CHECK_OF_TOMORROW', a_field_of_tomorrow: true };
        requireStatus(await send(message(newOrder(), more)), accepted, 'a message of an unknown type');
      },
    },
    accessCheck('anybody could write to your customers', message(newOrder())),
    errorShapeCheck({ method: 'POST', path: '/notifications', body: { type: 1 }, key: 'check:shape' }),
  ];
}

function messageTo(customer: string, orderId: string, more: object = {}): Call {
  return {
    method: 'POST',
    path: '/notifications',
    key: `${orderId}:notify:ORDER_REFUNDED:1`,
    body: {
      type: 'ORDER_REFUNDED',
      order_id: orderId,
      order_number: 'CHECK-1',
      customer_id: customer,
      recipient: { name: 'Ünïcode 太郎 🫖' },
      locale: 'de',
      currency: 'EUR',
      order_url: null,
      content: { amount: '12.34', cause: 'OTHER', reason: 'a check of this service' },
      ...more,
    },
  };
}
