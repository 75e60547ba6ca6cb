import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Client from '../../src/client/client.ts';
import { startApiRig, token } from '../http/api-rig.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const tsc = join(root, 'node_modules/.bin/tsc');

/** A folder in which a program has installed the package, as `npm pack` makes it. */
let consumer: string;
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-package-'));
  const source = join(folder, 'source');
  await mkdir(source);
  const parts = ['package.json', 'tsconfig.json', '.config', 'src', 'workflows', 'activities', 'migrations'];
  for (const part of parts) await cp(join(root, part), join(source, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
  const { stdout } = await run('npm', ['pack', '--json'], {
    cwd: source,
    env: { ...process.env, npm_config_json: '' },
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];

  consumer = join(folder, 'consumer');
  installed = join(consumer, 'node_modules/order-saga');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(source, filename), '-C', installed, '--strip-components=1']);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a program that installed the package knows the type of every body, status and answer', async () => {
  await copyFixture('typed-consumer.ts');
  await expect(run(tsc, ['--project', consumer])).resolves.toBeDefined();
});

test('a program that asks for what the API does not have is told so when it is compiled', async () => {
  // Each of its mistakes is expected: one that compiled would be an error.
  await copyFixture('mistaken-consumer.ts');
  await expect(run(tsc, ['--project', consumer])).resolves.toBeDefined();
});

test('the installed client places an order and throws a problem by its code', async () => {
  const client = (await import(pathToFileURL(join(installed, 'dist/src/client/client.js')).href)) as typeof Client;
  const rig = await startApiRig();
  const orders = client.createOrdersClient('http://api', {
    token: await token('alice', ['customer']),
    fetch: async (input, init) => await rig.api.request(input, init),
  });
  const shipTo = { name: 'A', line1: 'B', city: 'C', postal_code: 'D', country: 'GB' };
  const order = { currency: 'EUR', payment_method: 'tok_ok', shipping_address: shipTo };
  const placed = await client.answerOf(
    orders.orders.$post({ header: {}, json: { ...order, items: [{ sku: 'MUG', quantity: 2 }] } }),
  );
  const refused = client.answerOf(
    orders.orders.$post({ header: {}, json: { ...order, items: [{ sku: 'MUG', quantity: 2, unit_price: '1.00' }] } }),
  );
  const problem = await refused.catch((error: unknown) => error);
  await rig.stop();
  expect(placed).toMatchObject({ status: 'CONFIRMED', total: '25.00' });
  expect(problem).toBeInstanceOf(client.OrdersProblemError);
  expect(problem).toMatchObject({ problem: { code: 'PRICE_CHANGED' } });
});

test.each(['in the installed package', 'in a checkout'])(
  'the command orders runs %s under the Node of the machine',
  async (where) => {
    const command = join(where === 'in a checkout' ? root : installed, 'src/cli/orders/bin.js');
    const { stdout } = await run('node', [command, '--help'], { env: { ...process.env, PATH: pathOfTheMachine() } });
    expect(stdout).toContain('Usage: orders');
    const refused = await run('node', [command, 'nonsense'], { env: { PATH: pathOfTheMachine() } }).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown command 'nonsense'") });
  },
);

async function copyFixture(name: string): Promise<void> {
  await cp(join(import.meta.dirname, 'fixtures', name), join(consumer, name));
  await writeFile(join(consumer, 'package.json'), '{"type": "module"}');
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    skipLibCheck: true,
  };
  await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
}

/** Without what npm puts before it while a script runs, which is the package's own Node. */
function pathOfTheMachine(): string {
  const own = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  return [...own, join(process.execPath, '..')].join(delimiter);
}
