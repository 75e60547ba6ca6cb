import { afterAll, beforeAll, expect, test } from 'vitest';
import { toNotificationMessage } from '../../../src/gateways/notification-message.ts';
import { sampleNotifications } from '../../../src/mail/sample-notifications.ts';
import { startTestSandbox, type TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

async function open(path: string) {
  const response = await fetch(sandbox.url + path);
  return {
    status: response.status,
    policy: response.headers.get('content-security-policy'),
    text: await response.text(),
  };
}

test('a message that was sent is shown as the mail that it becomes, and what a customer has written runs nowhere', async () => {
  const [sample] = sampleNotifications('de');
  const message = { ...sample!, recipient: { name: '<script>alert(1)</script>', email: 'ada@example.com' } };
  const headers = { 'idempotency-key': message.idempotencyKey };
  const sent = await sandbox.call('POST', '/notifications', toNotificationMessage(message), headers);
  expect(sent.status).toBe(201);

  const list = await open('/mailbox');
  expect(list.text).toContain('Ihre Bestellung ORD-00000042 ist bestätigt');
  const [, path = ''] = /href="(\/mailbox\/[^"]+)"/.exec(list.text) ?? [];
  const view = await open(path);
  expect(view.text).toContain(`sandbox="allow-popups" src="${path}/html"`);
  expect(view.text).toContain('List-Id');
  const mail = await open(`${path}/html`);
  expect(mail.text).toContain('Guten Tag');
  expect(mail.policy).toContain('sandbox');
  for (const { text, policy } of [list, view, mail]) {
    expect(text).not.toContain('<script>');
    expect(policy).toContain("default-src 'none'");
  }
});

test.each(['/mailbox/no-such-message', '/mailbox/0198c5f4-7c00-7000-8000-000000000009/html'])(
  '%s is not found',
  async (path) => {
    expect((await open(path)).status).toBe(404);
  },
);
