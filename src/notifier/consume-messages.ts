import { setTimeout as delay } from 'node:timers/promises';
import { ConsumerStatus, type AsyncMessage } from 'rabbitmq-client';
import type { OrderNotification } from '../domain/order-notification.ts';
import { notificationMessage, toOrderNotification } from '../gateways/notification-message.ts';
import type { Logger } from '../logger.ts';
import type { DeliveryOutcome } from '../mail/deliver-message.ts';
import { MailError } from '../mail/mail-error.ts';
import type { Rabbit } from '../rabbitmq/open-rabbitmq.ts';
import { mainQueue } from '../rabbitmq/topology.ts';

/** What consuming takes. */
export interface ConsumerParts {
  readonly rabbit: Rabbit;
  readonly deliver: (notification: OrderNotification) => Promise<DeliveryOutcome>;
  /** Told of each message that is given up, so that support sees it. */
  readonly reportFailed: (notification: OrderNotification, reason: string) => Promise<void>;
  readonly logger: Logger;
  readonly retryDelaysMs: readonly number[];
  /** How long after its first failure a message is given up. */
  readonly retryForMs: number;
  /** How many messages are sent at the same time. */
  readonly concurrency: number;
}

/** Consuming under way. */
export interface MessageConsumer {
  /** Takes no more messages, and resolves when those under way have ended. */
  readonly stop: () => Promise<void>;
}

/** How long a message rests that could be moved to no other queue, as while the broker stops. */
const REST_MS = 1_000;

/**
 * Takes messages from the queue and delivers each. A message leaves the queue only when it was delivered, or when the broker keeps it in another one: for a later
 * attempt, or among the dead letters with the reason. A broker that is away is waited for.
 */
export function consumeMessages(parts: ConsumerParts): MessageConsumer {
  const { rabbit, logger, concurrency } = parts;
  const options = {
    queue: rabbit.topology.queue,
    queueOptions: mainQueue(rabbit.topology),
    concurrency,
    // The next messages are here when one is done.
    qos: { prefetchCount: concurrency * 2 },
  };
  const consumer = rabbit.connection.createConsumer(options, (message) => handle(parts, message));
  consumer.on('error', (error: unknown) => {
    logger.warn({ reason: describe(error) }, 'messages are not consumed at the moment');
  });
  return { stop: () => consumer.close() };
}

async function handle(parts: ConsumerParts, message: AsyncMessage): Promise<ConsumerStatus> {
  try {
    await deliverOrMove(parts, message);
    return ConsumerStatus.ACK;
  } catch (error) {
    parts.logger.warn({ key: message.messageId, reason: describe(error) }, 'message goes back to its queue');
    await delay(REST_MS);
    return ConsumerStatus.REQUEUE;
  }
}

async function deliverOrMove(parts: ConsumerParts, message: AsyncMessage): Promise<void> {
  const notification = readMessage(message);
  if (typeof notification === 'string') return await giveUp(parts, message, notification, undefined);
  try {
    const outcome = await parts.deliver(notification);
    if (outcome === 'busy') return await tryLater(parts, message, 'another process is sending it', notification);
    parts.logger.info({ ...about(message, notification), outcome }, 'message delivered');
  } catch (error) {
    const isRefused = error instanceof MailError && error.kind === 'refused';
    if (isRefused) return await giveUp(parts, message, describe(error), notification);
    return await tryLater(parts, message, describe(error), notification);
  }
}

/** The fields of a log line that say which message it is about. */
function about({ messageId: key }: AsyncMessage, notification: OrderNotification | undefined) {
  return notification ? { key, order_id: notification.orderId, type: notification.type } : { key };
}

/** The message, or what is wrong with it. */
function readMessage({ messageId, body }: AsyncMessage): OrderNotification | string {
  if (messageId === undefined || messageId === '') return 'it has no message id';
  const parsed = notificationMessage.safeParse(parseBody(body));
  if (parsed.success) return toOrderNotification(messageId, parsed.data);
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  return `it can't be read: ${faults.slice(0, 5).join('; ')}`;
}

/** A body whose content type is JSON is parsed already; others may leave the type out. */
function parseBody(body: unknown): unknown {
  if (!Buffer.isBuffer(body) && typeof body !== 'string') return body;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** How often a message has failed, and since when, in milliseconds since 1970. */
const attemptsHeader = 'x-attempts';
const sinceHeader = 'x-failing-since';

async function tryLater(parts: ConsumerParts, message: AsyncMessage, reason: string, notification: OrderNotification) {
  const attempts = numberIn(message, attemptsHeader) ?? 0;
  const reasonToStop = `still failing after ${attempts + 1} attempts: ${reason}`;
  if (isOver(parts, message)) return await giveUp(parts, message, reasonToStop, notification);
  const { rabbit, retryDelaysMs, logger } = parts;
  const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)] ?? REST_MS;
  logger.warn(
    { ...about(message, notification), attempts: attempts + 1, retry_in_ms: delayMs, reason },
    'message not delivered',
  );
  const headers = { [attemptsHeader]: attempts + 1, [sinceHeader]: failingSince(message) };
  await rabbit.publish({ ...copyOf(message), routingKey: rabbit.topology.retryQueue(delayMs), headers });
}

async function giveUp(
  parts: ConsumerParts,
  message: AsyncMessage,
  reason: string,
  notification: OrderNotification | undefined,
): Promise<void> {
  const { rabbit, reportFailed, logger } = parts;
  try {
    if (notification) await reportFailed(notification, reason);
  } catch (error) {
    logger.warn({ ...about(message, notification), reason: describe(error) }, 'failure of a message not recorded');
    // It is refused again then, and recorded if the database is back.
    if (notification && !isOver(parts, message)) return await tryLater(parts, message, reason, notification);
  }
  logger.error({ ...about(message, notification), reason }, 'message given up: it is among the dead letters');
  const { deadLetters, queue } = rabbit.topology;
  const headers = { 'x-reason': reason, 'x-failed-at': new Date().toISOString() };
  await rabbit.publish({ ...copyOf(message), exchange: deadLetters, routingKey: queue, headers });
}

function failingSince(message: AsyncMessage): number {
  return numberIn(message, sinceHeader) ?? Date.now();
}

function isOver({ retryForMs }: ConsumerParts, message: AsyncMessage): boolean {
  return Date.now() - failingSince(message) > retryForMs;
}

function copyOf({ messageId, body }: AsyncMessage) {
  return { messageId: messageId ?? '', body };
}

function numberIn({ headers }: AsyncMessage, name: string): number | undefined {
  const value: unknown = headers?.[name];
  return typeof value === 'number' ? value : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
