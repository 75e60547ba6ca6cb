import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a card number that an error quotes is masked in the logs, and their lines stay JSON', async () => {
  const logger = new URL('../../src/logger.ts', import.meta.url).href;
  const program = `
    const { createLogger } = await import(${JSON.stringify(logger)});
    const log = createLogger({ level: 'info', format: 'json' }, 'test');
    log.error({ err: new Error('bad value 4000 0566-5566/5556'), order_id: '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11' }, 'failed');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(JSON.parse(stdout)).toMatchObject({
    msg: 'failed',
    err: { message: 'bad value **** ****-****/5556' },
    order_id: '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11',
  });
});
