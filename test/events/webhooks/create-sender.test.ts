import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWebhookSender, type WebhookSender } from '../../../src/events/webhooks/create-sender.ts';
import { createSigningSecret, faultOfSignature } from '../../../src/webhook-signature.ts';
import { answerWith, startReceiver } from './receiver.ts';

const secret = createSigningSecret();
const going = new AbortController().signal;
const senders: WebhookSender[] = [];
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  receiver.received.length = 0;
  receiver.answer = answerWith(204);
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
});
afterAll(() => receiver.stop());

function open(options: Parameters<typeof createWebhookSender>[0] = { allowPrivate: true }): WebhookSender {
  const sender = createWebhookSender(options);
  senders.push(sender);
  return sender;
}

const message = { secret, previousSecrets: [], id: '42', body: '{"specversion":"1.0"}' };

const send = (url = receiver.url, sender = open()) => sender.send({ ...message, url }, going);

test('a message is posted with a signature that its receiver can verify', async () => {
  expect(await send()).toMatchObject({ status: 204, error: null });
  const { headers, body } = receiver.received[0]!;
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ specversion: '1.0' });
  expect(headers['webhook-id']).toBe('42');
  expect(headers['content-type']).toBe('application/cloudevents+json');
});

test('while a secret is being replaced a message can be verified with either', async () => {
  const previousSecret = createSigningSecret();
  await open().send({ ...message, previousSecrets: [previousSecret], url: receiver.url }, going);
  const { headers, body } = receiver.received[0]!;
  for (const one of [secret, previousSecret]) {
    expect(faultOfSignature(one, headers as Record<string, string>, body)).toBeUndefined();
  }
  expect(faultOfSignature(createSigningSecret(), headers as Record<string, string>, body)).toBeDefined();
});

describe('what an answer says', () => {
  test.each([200, 201, 202, 204, 299])('%i is received', async (status) => {
    receiver.answer = answerWith(status);
    expect(await send()).toMatchObject({ status, error: null });
  });

  test.each([400, 404, 410, 500, 503])('%i is not', async (status) => {
    receiver.answer = answerWith(status);
    expect(await send()).toMatchObject({ status, error: `answered ${status}` });
  });

  test.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    receiver.answer = answerWith(status, { location: `${receiver.url}/elsewhere` });
    expect(await send()).toMatchObject({ status, error: expect.stringContaining('redirects') });
    expect(receiver.received).toHaveLength(1);
  });

  test('how long to wait is read in seconds and as a date', async () => {
    receiver.answer = answerWith(429, { 'retry-after': '7' });
    expect((await send()).retryAfterMs).toBe(7_000);
    receiver.answer = answerWith(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const { retryAfterMs } = await send();
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    receiver.answer = answerWith(503, { 'retry-after': 'soon' });
    expect((await send()).retryAfterMs).toBeNull();
  });

  test('of ten megabytes no more than a part is read, and the status counts', async () => {
    let closed: Promise<void> | undefined;
    receiver.answer = (_, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200).write(Buffer.alloc(10_000_000));
    };
    expect(await send()).toMatchObject({ status: 200, error: null });
    await closed;
  });

  test('a connection that closes in the middle is a failure', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy());
    };
    expect(await send()).toMatchObject({ status: 200, error: expect.stringContaining('answered 200, then') });
    receiver.answer = (_, response) => {
      response.destroy();
    };
    expect(await send()).toMatchObject({ status: null, error: expect.any(String) });
  });

  test.each([
    ['hangs', () => {}],
    [
      'drips',
      (_: unknown, response: Parameters<typeof receiver.answer>[1]) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('.'), 200);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ],
  ])('a receiver that %s is left after the time limit', async (_, answer) => {
    receiver.answer = answer;
    const sender = open({ allowPrivate: true, timeoutMs: 500 });
    const attempt = await send(receiver.url, sender);
    expect(attempt.error).toContain('no whole answer within 0.5 s');
    expect(attempt.durationMs).toBeLessThan(3_000);
  });

  test('nobody at the address is a failure', async () => {
    expect(await send('http://127.0.0.1:9/')).toMatchObject({
      status: null,
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('where a message may go', () => {
  test('not to a private address, by number or by name', async () => {
    const sender = open({ allowPrivate: false });
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) {
      const attempt = await send(`http://${host}:${receiver.port}/`, sender);
      expect(attempt).toMatchObject({ status: null, error: expect.stringContaining('may not be sent to') });
    }
    expect(receiver.received).toHaveLength(0);
  });

  test('not to a link-local address, even where private ones are allowed', async () => {
    expect((await send('http://169.254.169.254/latest/')).error).toContain('linkLocal');
    const rebound = open({ allowPrivate: true, resolve: () => Promise.resolve(['169.254.169.254', 'fe80::1']) });
    expect((await send('http://metadata.example.com/', rebound)).error).toContain('linkLocal');
  });

  test('a name that resolves to another address after the check is connected to at the address that was checked', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const asked: string[] = [];
    const sender = open({
      allowPrivate: true,
      resolve: (hostname) => {
        asked.push(hostname);
        return Promise.resolve(answers.shift() ?? []);
      },
    });
    const url = `http://rebind.example.com:${receiver.port}/events`;
    expect(await send(url, sender)).toMatchObject({ status: 204, error: null });
    expect(asked).toEqual(['rebind.example.com']);
    expect(receiver.received[0]?.headers.host).toBe(`rebind.example.com:${receiver.port}`);
    // At its next delivery the name is resolved again, open connection or not.
    expect((await send(url, sender)).error).toContain('may not be sent to');
    expect(receiver.received).toHaveLength(1);
  });

  test('of several addresses only those that are allowed are connected to', async () => {
    const sender = open({ allowPrivate: true, resolve: () => Promise.resolve(['169.254.169.254', '127.0.0.1']) });
    expect(await send(`http://mixed.example.com:${receiver.port}/`, sender)).toMatchObject({ status: 204 });
  });

  test('a name server that does not answer is left after the time limit', async () => {
    const sender = open({ allowPrivate: true, timeoutMs: 300, resolve: () => new Promise(() => {}) });
    expect((await send('http://silent.example.com/', sender)).error).toContain('no whole answer');
  });
});
