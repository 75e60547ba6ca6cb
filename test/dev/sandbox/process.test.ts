import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../../src/logger.ts';
import { freePort } from '../../../dev/local/free-port.ts';
import { createSandbox } from '../../../dev/sandbox/app.ts';
import { createTestDatabase } from '../../setup/database.ts';
import type { TestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('the process', () => {
  test('starts, answers, and ends cleanly on SIGTERM', async () => {
    const port = await freePort();
    const sandbox = start({ DATABASE_URL: database.url, SANDBOX_PORT: String(port) });
    const health = () => fetch(`http://127.0.0.1:${port}/healthz`).then(({ status }) => status === 200);
    await eventually(health);
    sandbox.process.kill('SIGTERM');
    expect(await sandbox.ended).toEqual({ code: 0, errors: '' });
  });

  test('names the variable when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { ended } = start({ DATABASE_URL: database.url, SANDBOX_PORT: String(port) });
    expect(await ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/^Port \d+ is taken; set SANDBOX_PORT[^\n]*\n$/),
    });
    server.close();
  });

  test('names the setting that is missing', async () => {
    const { ended } = start({ DATABASE_URL: '' });
    expect(await ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/^[^\n]*\n {2}SANDBOX_DATABASE_URL: is not set, and neither is DATABASE_URL\n$/),
    });
  });

  test('says in one line that the database is unavailable', async () => {
    const { ended } = start({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none` });
    expect(await ended).toEqual({ code: 1, errors: expect.stringMatching(/^The sandbox could not start[^\n]*\n$/) });
  });
});

test('several processes may create the schema at the same moment', async () => {
  const fresh = await createTestDatabase();
  const logger = createLogger({ level: 'silent', format: 'json' }, 'sandbox');
  const sandboxes = await Promise.all(
    Array.from({ length: 4 }, () => createSandbox({ databaseUrl: fresh.url, logger })),
  );
  const answers = await Promise.all(sandboxes.map(async ({ app }) => app.request('/healthz')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  await fresh.drop();
});

test('while the database is unavailable requests get 503, and they succeed when it is back', async () => {
  const logger = createLogger({ level: 'silent', format: 'json' }, 'sandbox');
  const line = await lineTo(database.url);
  const { app, close } = await createSandbox({ databaseUrl: line.url, logger, sweepIntervalMs: 20 });
  const json = { 'content-type': 'application/json' };
  const putUser = async () => {
    const body = JSON.stringify({ name: 'Ann', email: 'ann@example.com', status: 'ACTIVE' });
    return (await app.request('/users/ann', { method: 'PUT', body, headers: json })).status;
  };
  expect(await putUser()).toBe(201);
  await line.cut();
  const away = await app.request('/payments/order/any/void', { method: 'POST', body: '{}', headers: json });
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await away.json()).toMatchObject({ code: 'UNAVAILABLE' });
  expect(await putUser()).toBe(503);
  await line.mend();
  expect(await putUser()).toBe(200);
  await close();
  await line.cut();
});

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['dev/main-sandbox.ts'], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  return { process: child, ended };
}

/** A line to the database that can be cut and mended. */
async function lineTo(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  const port = await freePort();
  const listen = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: listen,
  };
}
