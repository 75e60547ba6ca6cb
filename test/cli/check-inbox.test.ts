import { expect, test } from 'vitest';
import { OrdersProblemError } from '../../src/client/client.ts';
import { checkInbox } from '../../src/cli/orders/check-inbox.ts';
import type { Cli } from '../../src/cli/orders/connect.ts';

const cliTo = (listInboxEvents: () => Promise<unknown>) => ({ client: { listInboxEvents } }) as unknown as Cli;

test('doctor tells of events of other services that could not be applied, and why', async () => {
  const data = [{ reason: 'the order is in EUR, the refund in USD' }, { reason: 'there is no such order' }];
  expect(await checkInbox(cliTo(() => Promise.resolve({ data, next_cursor: null })))).toEqual({
    check: 'inbox',
    state: 'warning',
    found: '2 of other services could not be applied',
    todo: 'the order is in EUR, the refund in USD\norders inbox list',
  });
});

test('doctor is content with an inbox without dead letters, and with a caller who may not see it', async () => {
  expect(await checkInbox(cliTo(() => Promise.resolve({ data: [], next_cursor: null })))).toMatchObject({
    state: 'ok',
  });
  const forbidden = Object.assign(Object.create(OrdersProblemError.prototype), { status: 403 });
  expect(await checkInbox(cliTo(() => Promise.reject(forbidden as Error)))).toMatchObject({ state: 'ok' });
});
