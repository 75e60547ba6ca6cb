import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const down = JSON.stringify({ service: 'payment', operation: '*', mode: 'down' });
const faults = async () => (await sandbox.call('GET', '/faults')).body.data as unknown[];

/** Not by `fetch`, which doesn't let a program say what a browser says. */
async function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const outgoing = request(new URL(path, sandbox.url), { method, headers }, (answer) => {
    answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
  });
  outgoing.on('error', reject).end(body);
  return await promise;
}

const json = { 'content-type': 'application/json' };

test.each<[string, Record<string, string>, number]>([
  ['of another origin', { ...json, origin: 'https://evil.example' }, 403],
  ['of another port', { ...json, origin: 'http://127.0.0.1:1' }, 403],
  ['in a sandboxed frame', { ...json, origin: 'null' }, 403],
  ['of another origin that hides it', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
  ['of another port on this machine', { ...json, 'sec-fetch-site': 'same-site' }, 403],
  ['at a name that was rebound to this machine', { ...json, host: 'evil.example:3100' }, 403],
  ['at such a name, of the same origin', { ...json, host: 'evil.example', origin: 'http://evil.example' }, 403],
  ['that sends a form', { 'content-type': 'text/plain' }, 415],
  ['that sends another form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['that sends no type', {}, 415],
])('a page %s sets no fault', async (_, headers, status) => {
  expect(await send('POST', '/faults', headers, down)).toBe(status);
  expect(await send('PUT', '/users/eve', headers, down)).toBe(status);
  expect(await faults()).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['of another origin', { origin: 'https://evil.example' }],
  ['of another origin that hides it', { 'sec-fetch-site': 'cross-site' }],
  ['at a name that was rebound to this machine', { host: 'evil.example:3100' }],
])('a page %s reads and removes no fault', async (_, headers) => {
  expect(await send('GET', '/faults', headers)).toBe(403);
  expect(await send('DELETE', '/faults', headers)).toBe(403);
});

test('a program sets faults by whatever name of its own the sandbox has', async () => {
  const { host, port } = new URL(sandbox.url);
  const hosts = [
    host,
    `localhost:${port}`,
    `sandbox:${port}`,
    'sandbox.shop.svc.cluster.local',
    '[::1]:80',
    '10.0.0.7',
  ];
  for (const name of hosts)
    expect([name, await send('POST', '/faults', { ...json, host: name }, down)]).toEqual([name, 201]);
  const own = {
    'content-type': 'application/json; charset=utf-8',
    origin: `http://${host}`,
    'sec-fetch-site': 'same-origin',
  };
  expect(await send('POST', '/faults', own, down)).toBe(201);
  expect(await faults()).toHaveLength(hosts.length + 1);
});
