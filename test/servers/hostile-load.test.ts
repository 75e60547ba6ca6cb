import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../dev/sandbox/sandbox.ts';
import { token } from '../http/api-rig.ts';
import type { HostileRequest, Tokens } from './hostile/hostile-request.ts';
import { hostileBodies } from './hostile/hostile-bodies.ts';
import { hostileFiles } from './hostile/hostile-files.ts';
import { hostileHeaders } from './hostile/hostile-headers.ts';
import { startMeasuredServer, type MeasuredServer } from './hostile/measured-server.ts';
import { sendRaw, type RawAnswer } from './hostile/raw-request.ts';
import { stalledBodies } from './hostile/stalled-bodies.ts';

/** For so long nobody else is answered, on a machine that has other things to do as well: a request that blocks takes seconds. */
const MAX_STALL_MS = 200;

const MAX_GROWTH_BYTES = 50_000_000;

/** What a busy machine or a compiler makes slow once is quick the next time. */
const TRIES = 10;

const PAYMENT_WEBHOOK_SECRET = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;

let sandbox: TestSandbox;
let server: MeasuredServer;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  await sandbox.call('PUT', '/products/MUG', { name: 'MUG', price: '12.50', currency: 'EUR', stock: 1_000_000 });
  await sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  server = await startMeasuredServer(sandbox, { BODY_TIMEOUT: '1s', PAYMENT_WEBHOOK_SECRET });
});
afterAll(async () => {
  await server.stop();
  await sandbox.stop();
});

const tokens: Tokens = {
  customer: await token('alice', ['customer']),
  service: await token('shop', ['service']),
  staff: await token('sam', ['admin']),
};

describe.each([
  ['a body that stalls', stalledBodies(tokens)],
  ['JSON', hostileBodies(tokens)],
  ['a file', hostileFiles(tokens)],
  ['a header or an address', hostileHeaders(tokens)],
])('%s', (_, requests) => {
  test.each(requests)('$name: keeps nobody else waiting, and fills no memory', async (request) => {
    let stallMs = Number.POSITIVE_INFINITY;
    let grownBytes = Number.POSITIVE_INFINITY;
    for (let n = 0; n < TRIES && (stallMs > MAX_STALL_MS || grownBytes > MAX_GROWTH_BYTES); n += 1) {
      const took = await attack(request);
      stallMs = Math.min(stallMs, took.stallMs);
      grownBytes = Math.min(grownBytes, took.grownBytes);
      expect(took.answers.filter(({ status }) => !request.expects.includes(status))).toEqual([]);
      expect(took.answers[0]?.text).toMatch(request.says ?? /./);
    }
    expect(stallMs).toBeLessThan(MAX_STALL_MS);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
  });
});

test('everybody else is served as if nothing had been', async () => {
  const answer = await sendRaw(server.port, [
    `GET /api/v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.customer}\r\n\r\n`,
  ]).answer;
  expect(answer.status).toBe(200);
});

/** Sends a request, as often as it says at the same time, and tells what that took. */
async function attack({ pieces, times = 1 }: HostileRequest) {
  const before = await server.begin();
  const sent = Array.from({ length: times }, () => sendRaw(server.port, pieces()));
  const answers = Promise.all(sent.map(({ answer }) => answer));
  // What is held while the rest of a body is awaited, and what is still held when there is an answer.
  const written = Promise.all(sent.map((one) => one.written)).then(() => undefined);
  const early = await Promise.race([answers, written]);
  const during = early ? before : await server.measure();
  const all: RawAnswer[] = await answers;
  const after = await server.measure();
  for (const { close } of sent) close();
  const most = Math.max(during.heldBytes, after.heldBytes);
  return { answers: all, stallMs: after.longestMs, grownBytes: most - before.heldBytes };
}
