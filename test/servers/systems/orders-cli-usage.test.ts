import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTea, runOrders } from '../../e2e/orders-command.ts';
import { startTestSystem, type TestSystem } from '../../e2e/system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ ORDER_WAIT: '30s' });
});

afterAll(async () => {
  await system.destroy();
});

const orders = (args: readonly string[], options?: Parameters<typeof runOrders>[2]) => runOrders(system, args, options);

async function placed(): Promise<{ id: string }> {
  const { stdout } = await orders(['create', ...describeTea(), '--wait', '--json']);
  return JSON.parse(stdout);
}

describe('a person who uses it', () => {
  test('is told of wrong usage with exit code 2, and never sees a stack', async () => {
    const wrong = [
      ['nonsense'],
      ['get'],
      ['list', '--nonsense'],
      ['create', '--item', 'TEA'],
      ['create', '--wait', 'x'],
      ['status', 'x', 'SHIPPED'],
      ['retry', 'x'],
      ['return', 'x', '--reason', 'y'],
      ['import'],
      ['import', 'a.csv', '--pause', 'x'],
      ['list', '--as', 'king:x'],
      ['list', '--url', 'nowhere'],
      ['list', '--url', 'http://127.0.0.1:1'],
    ];
    const answers = await Promise.all(wrong.map(async (args) => ({ args, ...(await orders(args)) })));
    expect(answers).toEqual(
      wrong.map((args) => ({ args, code: 2, stdout: '', stderr: expect.not.stringMatching(/^ +at /m) })),
    );
    expect(await orders(['list', '--url', 'http://127.0.0.1:1', '--token', 'x'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The API at http:\/\/127\.0\.0\.1:1 can't be reached: .*\n$/),
    });
    expect(await orders(['import', '/nonexistent.csv'])).toMatchObject({
      code: 1,
      stderr: expect.not.stringContaining('ENOENT'),
    });
  });

  test('gives the API by any of the addresses that npm start prints', async () => {
    const { port } = new URL(system.running().apiUrl);
    const [byOption, byVariable] = [`http://localhost:${port}/docs`, `http://127.0.0.1:${port}/api/v1/`];
    expect(await orders(['list', '--url', byOption])).toMatchObject({ code: 0 });
    expect(await orders(['list'], { env: { ORDERS_URL: byVariable } })).toMatchObject({ code: 0 });
  });

  test('sees colours only where they are wanted', async () => {
    const { id } = await placed();
    expect((await orders(['get', id])).stdout).not.toContain('\u001B');
    const forced = await orders(['get', id], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain('\u001B');
    expect(stripVTControlCharacters(forced.stdout)).toBe((await orders(['get', id])).stdout);
    expect((await orders(['get', id], { env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001B');
  });

  test('acts as a customer where asked to, who sees nobody else', async () => {
    const { id } = await placed();
    expect(await orders(['get', id, '--as', 'customer:demo'])).toMatchObject({ code: 0 });
    expect(await orders(['get', id, '--as', 'customer:eve'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORD004'),
    });
  });
});
