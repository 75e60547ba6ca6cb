import { types } from 'node:util';
import { pino, type Logger, type LoggerOptions } from 'pino';
import { maskCardNumbers } from './domain/card-number.ts';
import { currentRequest, traceIdOf } from './request-context.ts';
import { activeTraceparent } from './tracing/trace.ts';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** Fields that may hold personal or payment data, or let somebody in; at whatever depth, they never reach a log line. */
const withheld: ReadonlySet<string> = new Set([
  // As they stand on the wire, and in our own objects.
  'shipping_address',
  'shippingAddress',
  'billing_address',
  'billingAddress',
  'payment_method',
  'paymentMethod',
  'payment_methods',
  'paymentParts',
  'customer_name',
  'customerName',
  'customer_email',
  'customerEmail',
  'customer_phone',
  'customerPhone',
  'recipient',
  'email',
  'phone',
  'company',
  'line1',
  'line2',
  'postal_code',
  'authorization',
  'cookie',
  'token',
  'secret',
  'password',
]);

/** Causes of causes that are logged; a chain may be a circle. */
const MAX_CAUSES = 5;

/**
 * The process's logger: constant messages, ids as fields, personal and payment data redacted, card numbers masked; an error has its
 * type, message and stack, whatever its field is called.
 */
export function createLogger(config: Config['log'], process: string): Logger {
  return pino({
    ...loggerOptions(config.level, process),
    ...(config.format === 'pretty' && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  });
}

/** What a logger leaves out, masks and adds, wherever its lines go. */
export function loggerOptions(level: Config['log']['level'], process: string) {
  return {
    level,
    base: { process },
    mixin: describeRequest,
    // Not pino's own redaction, which takes ten times as long as all else that a line takes.
    formatters: { log: (fields: object) => loggableFields(fields, DEPTH) },
    // What the formatter made of an error is what is written.
    serializers: { err: (described: unknown) => described },
    timestamp: pino.stdTimeFunctions.isoTime,
    // An error of a library or a service may quote what it was given.
    hooks: { streamWrite: (line: string) => maskEmails(maskCardNumbers(line)) },
  } satisfies LoggerOptions;
}

/** What a line is about, unless it says so itself. */
function describeRequest(): Record<string, unknown> {
  const request = currentRequest();
  const traceparent = activeTraceparent();
  if (!request && traceparent === undefined) return {};
  const { requestId, traceId = traceIdOf(traceparent), orderId } = request ?? {};
  return {
    ...(requestId !== undefined && { request_id: requestId }),
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(orderId !== undefined && { order_id: orderId }),
  };
}

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** A name of a package has no characters before its `@`. */
function maskEmails(line: string): string {
  return line.includes('@') ? line.replace(EMAIL, '[email]') : line;
}

/** Objects in objects that are looked into; what lies deeper is left out. */
const DEPTH = 5;

function loggableFields(fields: object, depthLeft: number): Record<string, unknown> {
  const loggable: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (withheld.has(name)) loggable[name] = '[redacted]';
    // Anything can be thrown.
    else if (name === 'err' && !isError(value)) loggable[name] = { type: typeof value, message: String(value) };
    else loggable[name] = loggableValue(value, depthLeft);
  }
  return loggable;
}

function loggableValue(value: unknown, depthLeft: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return describeError(value);
  if (depthLeft === 0) return '[deeper]';
  if (Array.isArray(value)) return value.map((entry) => loggableValue(entry, depthLeft - 1));
  // A date, and whatever else knows how to be written.
  return 'toJSON' in value ? value : loggableFields(value, depthLeft - 1);
}

/** What a log line holds of an error. Not all its fields: a database error's `detail` quotes rows, which hold personal data. */
function describeError(error: Error, causesLeft = MAX_CAUSES): Record<string, unknown> {
  const { name, message, stack } = error;
  // An activity's failure has its code as `type`.
  const { code, type = code, cause, errors }: Partial<Record<'code' | 'type' | 'cause' | 'errors', unknown>> = error;
  const parts = Array.isArray(errors) ? errors.filter(isError) : [];
  return {
    type: name,
    // A failure to connect to several addresses has no message of its own.
    message: message || parts.map((part) => part.message).join('; '),
    ...(typeof type === 'string' && { code: type }),
    stack,
    ...(isError(cause) && causesLeft > 0 && { cause: describeError(cause, causesLeft - 1) }),
  };
}

/** Errors of workflow code are of another context, which `instanceof` does not recognise. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
