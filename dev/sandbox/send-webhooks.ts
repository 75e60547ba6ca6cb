import type { Logger } from '../../src/logger.ts';
import { signedHeaders } from '../../src/webhook-signature.ts';
import { isUnavailable, run } from './database.ts';
import type { Pool } from './database.ts';
import * as sql from './webhooks-sql.ts';
import type { WebhookChannel, WebhookRow } from './webhooks-sql.ts';

/** The receiver of a service's webhooks and the secret that signs them (`whsec_…`). */
export interface WebhookReceiver {
  url: string;
  secret: string;
}

/** Who hears of each service; the payment service's hears of all that has none of its own. */
export type WebhookReceivers = Partial<Record<WebhookChannel, WebhookReceiver>> & {
  readonly payments: WebhookReceiver;
};

/** Messages sent concurrently. */
const BATCH = 16;
/** A receiver that takes longer counts as unavailable. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** After this time, another sender may send a message whose sender died. */
const LEASE_MS = 10_000;
/** How late a due attempt may be. */
const INTERVAL_MS = 250;

/** A running sender of webhooks. */
export interface WebhookSender {
  /** Sends the messages that are due now. */
  wake(): void;
  /** Waits for running attempts and stops. */
  stop(): Promise<void>;
}

/** Sends due messages until it is stopped; retries each until the receiver answers 2xx (at least once). */
export function startSendingWebhooks(db: Pool, logger: Logger, receivers: WebhookReceivers): WebhookSender {
  let running: Promise<unknown> | undefined;
  // An earlier process may have left messages.
  let mayBeWaiting = true;
  const look = () => {
    if (!mayBeWaiting || running) return;
    mayBeWaiting = false;
    running = sendDue(db, logger, receivers)
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

/** Sends due messages; returns whether others are left that are not due yet. */
async function sendDue(db: Pool, logger: Logger, receivers: WebhookReceivers): Promise<boolean> {
  try {
    for (;;) {
      // Each batch takes what the previous one left.
      // oxlint-disable-next-line no-await-in-loop
      const due = await run<WebhookRow>(db, sql.takeDue, [BATCH, LEASE_MS]);
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(
        due.map((webhook) => send(db, logger, receivers[webhook.channel] ?? receivers.payments, webhook)),
      );
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

/** Sends a message; returns why it may not have arrived, or `undefined` when it has. */
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
