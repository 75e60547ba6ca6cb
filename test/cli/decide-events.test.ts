import { expect, test } from 'vitest';
import type { Cli } from '../../src/cli/orders/connect.ts';
import { runDecideEventsCommand } from '../../src/cli/orders/list-events.ts';

/** Retries events at a system that sends `sent` of them again, while `tried` wait for their next attempt; answers what is shown, and what was asked for. */
async function retry(sent: number, tried: number) {
  const shown: string[] = [];
  const asked: unknown[] = [];
  const say = (text: string) => shown.push(text);
  const cli = {
    json: false,
    print: say,
    note: say,
    client: {
      retryEvents: () => Promise.resolve({ events: sent, has_more: false }),
      listEvents: (query: unknown) => {
        asked.push(query);
        return Promise.resolve({ data: Array.from({ length: tried }), next_cursor: null });
      },
    },
  } as unknown as Cli;
  await runDecideEventsCommand(cli, 'retry', { sink: 'kafka', reason: 'it is mended' });
  return { shown, asked };
}

test('whoever retries dead letters that are tried again already is told so', async () => {
  const { shown, asked } = await retry(0, 1);
  expect(shown).toEqual(['0 events sent again', expect.stringContaining('--state PENDING')]);
  expect(asked).toEqual([{ sink: 'kafka', state: 'PENDING', limit: 1 }]);
});

test('nothing else is told when dead letters were sent again, or when there is nothing', async () => {
  expect((await retry(2, 1)).shown).toEqual(['2 events sent again']);
  expect((await retry(0, 0)).shown).toEqual(['0 events sent again']);
});
