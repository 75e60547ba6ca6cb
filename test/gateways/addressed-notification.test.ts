import { expect, test } from 'vitest';
import type { OrderNotification } from '../../src/domain/order-notification.ts';
import { addressedNotificationGateway } from '../../src/gateways/addressed-notification.ts';
import { someMessage } from './calls.ts';

const known = { id: 'alice', active: true, name: 'Alice', email: 'alice@example.com' };

test.each([
  ['none', undefined, known, 'alice@example.com'],
  ['one', 'me@example.com', undefined, 'me@example.com'],
  ['none that anybody knows', undefined, undefined, undefined],
])('a mail about an order with %s goes to the address that is known', async (_, email, customer, expected) => {
  const sent: OrderNotification[] = [];
  const gateway = addressedNotificationGateway(
    {
      send: (message) => {
        sent.push(message);
        return Promise.resolve(message.recipient);
      },
    },
    { findCustomer: () => Promise.resolve(customer), createCustomer: () => Promise.resolve() },
  );
  const addressed = await gateway.send({ ...someMessage('1'), recipient: { name: 'A', email } });
  expect(addressed).toEqual({ name: 'A', email: expected });
  expect(sent.map(({ recipient }) => recipient)).toEqual([{ name: 'A', email: expected }]);
});
