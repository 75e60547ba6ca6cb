import { pino, type Logger } from 'pino';
import { maskCardNumbers } from './domain/card-number.ts';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** Fields that may hold personal or payment data; they never reach a log line. */
const redacted = ['shipping_address', 'billing_address', 'payment_method', 'authorization', 'email', 'token'].flatMap(
  (field) => [field, `*.${field}`, `*.*.${field}`],
);

/** The process's logger: constant messages, ids as fields, personal and payment data redacted, card numbers masked. */
export function createLogger(config: Config['log'], process: string): Logger {
  return pino({
    level: config.level,
    base: { process },
    redact: { paths: redacted, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    // An error of a library may quote what it was given.
    hooks: { streamWrite: maskCardNumbers },
    ...(config.format === 'pretty' && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  });
}

/** What a log line may hold of an error: a database error's `detail` quotes rows, which hold personal data. */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, ...(error.cause !== undefined && { cause: loggable(error.cause) }) };
}
