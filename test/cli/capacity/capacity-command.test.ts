import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/orders/cli-error.ts';
import { runCapacityCommand } from '../../../src/cli/orders/show-capacity.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-capacity-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('prints what is needed, every cost that was used, and where it comes from', async () => {
  const text = await runWith({ ordersPerSecond: 1_000, costs: await writeCosts('{"apiCpuMs":9}') });
  expect(text).toMatch(/APIs +1\d on a core each/);
  expect(text).toMatch(/apiCpuMs +9 .*given/);
  expect(text).toMatch(/historyEvents +[\d.]+ .*docs\/performance\.md/);
});

test('tells of a sale when it is asked for one', async () => {
  expect(await runWith({ ordersPerSecond: 100 })).not.toContain('backlog');
  expect(await runWith({ ordersPerSecond: 100, salePeak: 1_000 })).toMatch(/largest backlog +[\d ]+ orders/);
});

test.each([
  ['a cost that does not exist', '{"apiCpu":9}', /apiCpu/],
  ['a cost of nothing', '{"apiCpuMs":0}', /apiCpuMs/],
  ['what is not JSON', 'apiCpuMs=9', /can't be read as JSON/],
  ['costs with which nothing is enough', '{"engineCpuMs":1,"engineWalBytes":1e15}', /not enough/],
])('%s is wrong usage', async (_, content, message) => {
  const running = runWith({ ordersPerSecond: 100, costs: await writeCosts(content) });
  await expect(running).rejects.toThrow(UsageError);
  await expect(running).rejects.toThrow(message);
});

async function runWith(options: { ordersPerSecond: number; costs?: string; salePeak?: number }): Promise<string> {
  const printed: string[] = [];
  const output = {
    json: false,
    print: (text: string) => void printed.push(text),
    printJson: () => undefined,
    note: () => undefined,
  };
  await runCapacityCommand(output, { saleDecay: 20, ...options });
  return printed.join('\n');
}

async function writeCosts(content: string): Promise<string> {
  const file = join(folder, 'costs.json');
  await writeFile(file, content);
  return file;
}
