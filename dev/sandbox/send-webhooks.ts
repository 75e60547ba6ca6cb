import type { Logger } from '../../src/logger.ts';
import { signedHeaders } from '../../src/webhook-signature.ts';
import { isUnavailable, run } from './database.ts';
import type { Pool } from './database.ts';
import * as sql from './webhooks-sql.ts';
import type { WebhookRow } from './webhooks-sql.ts';

/** Where webhooks go and what signs them (`whsec_…`). */
export interface WebhookReceiver {
  url: string;
  secret: string;
}

/** Messages sent at a time. */
const BATCH = 16;
/** A receiver that takes longer counts as away. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** A message whose sender died is free again after this. */
const LEASE_MS = 10_000;
/** How late a message whose attempt is due may be. */
const INTERVAL_MS = 250;

/** The sending of webhooks, under way. */
export interface WebhookSender {
  /** Looks for what is due now. */
  wake(): void;
  /** Waits for the attempts under way and stops. */
  stop(): Promise<void>;
}

/** Sends what is due until it is stopped: each message until the receiver answers 2xx, at least once. */
export function startSendingWebhooks(db: Pool, logger: Logger, receiver: WebhookReceiver): WebhookSender {
  let running: Promise<unknown> | undefined;
  // An earlier process may have left some.
  let mayBeWaiting = true;
  const look = () => {
    if (!mayBeWaiting || running) return;
    mayBeWaiting = false;
    running = sendDue(db, logger, receiver)
      .then((left) => (mayBeWaiting ||= left))
      .then(() => (running = undefined));
  };
  const timer = setInterval(look, INTERVAL_MS);
  timer.unref();
  return {
    wake() {
      mayBeWaiting = true;
      look();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Whether messages are left whose next attempt is not due yet. */
async function sendDue(db: Pool, logger: Logger, receiver: WebhookReceiver): Promise<boolean> {
  try {
    for (;;) {
      // The next batch is what this one leaves.
      // oxlint-disable-next-line no-await-in-loop
      const due = await run<WebhookRow>(db, sql.takeDue, [BATCH, LEASE_MS]);
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(due.map((webhook) => send(db, logger, receiver, webhook)));
      if (due.length < BATCH) break;
    }
    return (await run(db, sql.anyUndelivered)).length > 0;
  } catch (error) {
    if (isUnavailable(error)) logger.debug({ err: error }, 'webhooks wait for the database');
    else logger.error({ err: error }, 'webhooks not sent');
    return true;
  }
}

async function send(db: Pool, logger: Logger, receiver: WebhookReceiver, webhook: WebhookRow): Promise<void> {
  const problem = await attempt(receiver, webhook);
  if (problem === undefined) {
    await run(db, sql.delivered, [webhook.id]);
  } else {
    logger.debug({ webhook_id: webhook.id, reason: problem }, 'webhook not delivered');
    await run(db, sql.failed, [webhook.id, problem]);
  }
}

/** Why the receiver does not have the message, as far as we know; `undefined` when it does. */
async function attempt({ url, secret }: WebhookReceiver, { id, body }: WebhookRow): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signedHeaders(secret, id, body) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
