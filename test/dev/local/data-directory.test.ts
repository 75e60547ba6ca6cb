import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { requiredSettings } from '../../setup/settings.ts';
import { holdDataDirectory } from '../../../dev/local/data-directory.ts';
import { clearLockedPorts } from 'get-port';
import { freePort, requireFreePorts } from '../../../dev/local/free-port.ts';
import { readLocalSecret, readRunningSystem } from '../../../src/cli/local-system/running-system.ts';
import { kill, spawnServer } from '../../../dev/local/server-process.ts';
import { eventually } from '../../setup/eventually.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'order-saga-data-'));
  return () => rm(dataDir, { recursive: true, force: true });
});

test('a data directory that another start has locked is refused', async () => {
  const other = await sleeper('main-start.ts');
  await writeFile(join(dataDir, 'start.lock'), JSON.stringify({ pid: other.pid, children: {} }));
  await expect(holdDataDirectory(dataDir, { fresh: false })).rejects.toThrow(`process ${other.pid}`);
  await other.stop();
});

test('servers that a killed start left running are ended, and no other process', async () => {
  const orphan = await sleeper(join(dataDir, 'postgres'));
  const stranger = await sleeper('something else');
  const dead = await sleeper('main-start.ts');
  await dead.stop();
  const children = { postgres: orphan.pid, app: stranger.pid };
  await writeFile(join(dataDir, 'start.lock'), JSON.stringify({ pid: dead.pid, children }));
  const held = await holdDataDirectory(dataDir, { fresh: false });
  // An ended child is there until this process has taken note of it.
  await eventually(() => !kill(orphan.pid, 0));
  expect(kill(stranger.pid, 0)).toBe(true);
  held.release();
  await stranger.stop();
});

test('a fresh start deletes the data and the secret, and no other file', async () => {
  const first = await holdDataDirectory(dataDir, { fresh: false });
  const secret = first.jwtSecret();
  const webhookSecret = first.paymentWebhookSecret();
  expect(readConfig({ ...requiredSettings, PAYMENT_WEBHOOK_SECRET: webhookSecret }).inbox.secrets.payments).toBe(
    webhookSecret,
  );
  expect(first.paymentWebhookSecret()).toBe(webhookSecret);
  first.release();
  await writeFile(join(dataDir, 'temporal.db'), '');
  await writeFile(join(dataDir, 'notes.txt'), '');
  const second = await holdDataDirectory(dataDir, { fresh: true });
  expect((await readdir(dataDir)).toSorted()).toEqual(['notes.txt', 'start.lock']);
  expect(second.jwtSecret()).not.toBe(secret);
  expect(second.paymentWebhookSecret()).not.toBe(webhookSecret);
  expect(readLocalSecret({ DATA_DIR: dataDir })).toBe(second.jwtSecret());
  second.release();
});

test('the file of the running system exists only while it runs, is readable only by its owner, and the environment overrides it', async () => {
  const held = await holdDataDirectory(dataDir, { fresh: false });
  const env = { DATA_DIR: dataDir };
  expect(readRunningSystem(env)).toBeUndefined();
  const system = {
    apiUrl: 'http://127.0.0.1:1',
    metricsUrl: 'http://127.0.0.1:1/metrics',
    sandboxUrl: 'http://127.0.0.1:2',
    temporalAddress: '127.0.0.1:3',
    temporalNamespace: 'default',
    jwtIssuer: 'issuer',
    jwtAudience: 'audience',
    pids: { app: 4 },
  };
  held.writeRunning(system);
  expect(readRunningSystem(env)).toEqual(system);
  expect(readRunningSystem({ ...env, API_URL: 'http://elsewhere' })).toEqual({ ...system, apiUrl: 'http://elsewhere' });
  expect((await stat(join(dataDir, 'running.json'))).mode & 0o777).toBe(0o600);
  held.release();
  expect(readRunningSystem(env)).toBeUndefined();
});

test('ports that are taken or shared cause one error that names each variable', async () => {
  const server = createServer();
  const [taken, free] = [await freePort(), await freePort()];
  // Whoever asked for a port keeps it for a while.
  clearLockedPorts();
  await new Promise<void>((resolve) => {
    server.listen(taken, '127.0.0.1', resolve);
  });
  const ports = { API_PORT: taken, SANDBOX_PORT: free, POSTGRES_PORT: free };
  await expect(requireFreePorts(ports)).rejects.toThrow(
    `port ${taken} (API_PORT) is taken, port ${free} (SANDBOX_PORT) is the same as POSTGRES_PORT`,
  );
  await expect(requireFreePorts({ SANDBOX_PORT: free })).resolves.toBeUndefined();
  server.close();
});

function sleeper(mark: string) {
  return spawnServer({
    command: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)', mark],
    log: () => {},
  });
}
