import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';

const secret = 'a secret that only this test file knows';
const script = join(import.meta.dirname, '../../../dev/token.ts');

test('the printed token has the subject, the roles and the time, and verifies with the secret', async () => {
  const { stdout } = await token('--sub', 'demo', '--role', 'customer', '--role', 'support', '--expires', '30m');
  const key = new TextEncoder().encode(secret);
  const { payload } = await jwtVerify(stdout.trim(), key, {
    issuer: 'order-saga',
    audience: 'orders',
    algorithms: ['HS256'],
  });
  expect(payload).toMatchObject({ sub: 'demo', roles: ['customer', 'support'] });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(1_800);
});

test('an unknown role is refused with the list of roles', async () => {
  await expect(token('--sub', 'demo', '--role', 'king')).rejects.toThrow(
    'The roles are customer, service, support, operator, admin.',
  );
});

test('without a secret it says how to get one', async () => {
  const env = { PATH: process.env['PATH'], DATA_DIR: '/nonexistent' };
  const run = promisify(execFile)(process.execPath, [script, '--sub', 'x', '--role', 'admin'], { env });
  await expect(run).rejects.toThrow('run npm start once, or set JWT_SECRET');
});

function token(...args: string[]) {
  const env = { PATH: process.env['PATH'], DATA_DIR: '/nonexistent', JWT_SECRET: secret };
  return promisify(execFile)(process.execPath, [script, ...args], { env });
}
