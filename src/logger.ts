import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** Fields that may hold personal or payment data; they never reach a log line. */
const redacted = ['shipping_address', 'billing_address', 'payment_method', 'authorization', 'email', 'token'].flatMap(
  (field) => [field, `*.${field}`, `*.*.${field}`],
);

/** The process's logger: constant messages, ids as fields, personal and payment data redacted. */
export function createLogger(config: Config['log'], process: string): Logger {
  return pino({
    level: config.level,
    base: { process },
    redact: { paths: redacted, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(config.format === 'pretty' && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  });
}
