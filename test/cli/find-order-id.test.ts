import { expect, test } from 'vitest';
import type { Cli } from '../../src/cli/orders/connect.ts';
import { runInboxListCommand, runInboxSkipCommand } from '../../src/cli/orders/inbox-events.ts';
import { runDecideEventsCommand, runListEventsCommand } from '../../src/cli/orders/list-events.ts';

const id = '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11';

test.each([id, 'ORD-00000042'])('events and the inbox find those of an order by %s', async (order) => {
  const asked: unknown[] = [];
  const ask = (answer: object) => (request: { order_id?: string; body?: { order_id?: string } }) => {
    asked.push(request.body?.order_id ?? request.order_id);
    return Promise.resolve(answer);
  };
  const page = { data: [], next_cursor: null };
  const client = {
    getOrder: () => Promise.resolve({ id }),
    listEventSinks: () => Promise.resolve(page),
    listEvents: ask(page),
    skipEvents: ask({ events: 1, has_more: false }),
    listInboxEvents: ask(page),
    skipInboxEvents: ask({ events: 1 }),
  };
  const cli = { client, json: false, print: () => undefined, note: () => undefined } as unknown as Cli;
  await runListEventsCommand(cli, { order });
  await runDecideEventsCommand(cli, 'skip', { order, reason: 'seen' });
  await runInboxListCommand(cli, { order });
  await runInboxSkipCommand(cli, undefined, { order, reason: 'seen' });
  expect(asked).toEqual([id, id, id, id]);
});
