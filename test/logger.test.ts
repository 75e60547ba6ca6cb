import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The log lines of a process that runs `code`, in which `logger` is the product's. */
async function logOf(code: string): Promise<Record<string, unknown>[]> {
  const setUp = `import vm from 'node:vm'; import pg from 'pg'; import { ApplicationFailure } from '@temporalio/common';
    import { createLogger } from './src/logger.ts'; const logger = createLogger({ level: 'info', format: 'json' }, 'test');`;
  const args = ['--input-type=module', '--eval', `${setUp}\n${code}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const described = (type: string, message = 'the canary sings') => ({
  type,
  message,
  stack: expect.stringContaining(message),
});

test('a logged error has its type, message and stack, whatever it is called and wherever it was made', async () => {
  const lines = await logOf(`
    const canary = new RangeError('the canary sings');
    logger.error({ err: canary }, 'm');
    logger.error(canary);
    logger.warn({ error: canary, order_id: '1' }, 'm');
    logger.warn({ reason: canary }, 'm');
    logger.info({ reasons: [canary] }, 'm');
    logger.error({ err: vm.runInNewContext("new RangeError('the canary sings')") }, 'm');`);
  expect(lines.map(({ err, error, reason, reasons }) => err ?? error ?? reason ?? Object(reasons)[0])).toEqual(
    Array.from({ length: 6 }, () => described('RangeError')),
  );
  expect(lines[2]).toMatchObject({ msg: 'm', order_id: '1', level: 40 });
});

test('a logged error has its causes and its code', async () => {
  const [caused, failed, refused, thrown] = await logOf(`
    logger.error({ err: new Error('not sent', { cause: new TypeError('the canary sings') }) }, 'm');
    logger.error({ err: ApplicationFailure.create({ type: 'UNREACHABLE', message: 'the canary sings' }) }, 'm');
    logger.error({ err: new AggregateError([new Error('ECONNREFUSED ::1'), new Error('ECONNREFUSED 127.0.0.1')]) }, 'm');
    logger.error({ err: 'the canary sings' }, 'm');`);
  expect(caused?.['err']).toEqual({ ...described('Error', 'not sent'), cause: described('TypeError') });
  expect(failed?.['err']).toEqual({ ...described('ApplicationFailure'), code: 'UNREACHABLE' });
  expect(refused?.['err']).toMatchObject({ message: 'ECONNREFUSED ::1; ECONNREFUSED 127.0.0.1' });
  expect(thrown?.['err']).toEqual({ type: 'string', message: 'the canary sings' });
});

test('a circle of causes ends', async () => {
  const [line] = await logOf(
    `const error = new Error('round'); error.cause = error; logger.error({ err: error }, 'm');`,
  );
  expect(line?.['err']).toMatchObject({ message: 'round', cause: { message: 'round' } });
});

test("a database error is logged without the row that it quotes, which may be a customer's", async () => {
  const [line] = await logOf(`
    const error = new pg.DatabaseError('duplicate key', 1, 'error');
    Object.assign(error, { code: '23505', detail: 'Key (name)=(Ada Lovelace) already exists.', where: 'Ada Lovelace' });
    logger.error({ err: error }, 'm');`);
  expect(line?.['err']).toMatchObject({ code: '23505', message: 'duplicate key' });
  expect(JSON.stringify(line)).not.toContain('Ada');
});

test('no personal or payment data of an order, its addresses or a message reaches a log line, at whatever depth', async () => {
  const lines = await logOf(`
    const address = { name: 'x', company: 'CANARY', line1: 'CANARY', line2: 'CANARY', postal_code: 'CANARY', phone: 'CANARY', email: 'CANARY' };
    const wire = { customer_name: 'CANARY', customer_email: 'CANARY', customer_phone: 'CANARY', shipping_address: address, payment_method: 'CANARY' };
    const own = { customerName: 'CANARY', customerEmail: 'CANARY', customerPhone: 'CANARY', billingAddress: address, paymentMethod: 'CANARY' };
    logger.info({ order_id: '1', wire, own, deep: { list: [{ address }, { recipient: { name: 'CANARY', phone: 'CANARY' } }] } }, 'm');
    logger.warn({ order_id: '1', reason: 'refused <canary.of.an-address@shop.example.com>' }, 'm');`);
  expect(lines).toHaveLength(2);
  expect(lines).toMatchObject([{ order_id: '1', wire: { customer_email: '[redacted]' } }, { order_id: '1' }]);
  expect(JSON.stringify(lines)).not.toMatch(/CANARY|canary/);
});
