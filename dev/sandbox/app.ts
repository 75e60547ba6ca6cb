import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from '../../src/logger.ts';
import { createMessageRenderer, type MessageRenderer, type RenderSettings } from '../../src/mail/render-message.ts';
import { amendmentRoutes } from './amendments.ts';
import { confirmationRoutes } from './confirmations.ts';
import { captureRoutes } from './captures.ts';
import { customerRoutes } from './customers.ts';
import { openPool, run } from './database.ts';
import { deliveryRoutes } from './deliveries.ts';
import { disputeRoutes } from './disputes.ts';
import { openFaultStore } from './fault-store.ts';
import { logRequests } from './log-requests.ts';
import { faultRoutes, injectFaults } from './faults.ts';
import { inventoryRoutes } from './inventory.ts';
import { mailboxRoutes } from './mailbox.ts';
import { notificationRoutes } from './notifications.ts';
import { orderRefundRoutes } from './order-refunds.ts';
import { paymentRoutes } from './payments.ts';
import { refuseBrowsers } from './refuse-browsers.ts';
import { answerErrors, Refusal } from './refusal.ts';
import type { SandboxEnv } from './request.ts';
import { reservationRoutes } from './reservations.ts';
import { reviewRoutes } from './reviews.ts';
import { restockRoutes } from './restocks.ts';
import { createSchema } from './schema.ts';
import { openPendingRequests } from './pending-requests.ts';
import { decideLater } from './decide-later.ts';
import { startSendingWebhooks, type WebhookReceivers } from './send-webhooks.ts';
import { startSweep } from './sweep.ts';
import { webhookRoutes } from './webhooks.ts';

/** Enough for a bulk request of 5000 products with long names. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** How long an expired hold may last. */
const SWEEP_INTERVAL_MS = 1_000;

const defaultTexts: RenderSettings = {
  shopName: 'The Shop',
  timeZone: 'UTC',
  defaultLocale: 'en',
  templateFolder: undefined,
};

/** The services of a shop in one application. */
export interface Sandbox {
  app: Hono<SandboxEnv>;
  /** Finishes running requests, then ends all waiting and the connections to the database. */
  close(): Promise<void>;
}

/**
 * Creates inventory, payment, customer, notification and review services with their faults, in the schema `sandbox` of the database, which is
 * created when missing. With `webhooks`, charges whose reply is lost by a fault are sent there, whatever is decided on later, refunds,
 * disputes and deliveries. `observe` sees every request and its answer, as its sender does. Throws when the database is unavailable at the start; later the services answer 503 while it is.
 */
export async function createSandbox(options: {
  databaseUrl: string;
  logger: Logger;
  sweepIntervalMs?: number;
  webhooks?: WebhookReceivers | undefined;
  /** How the pages of the mailbox show messages. */
  texts?: RenderSettings;
  observe?: MiddlewareHandler<SandboxEnv> | undefined;
}): Promise<Sandbox> {
  const { databaseUrl, logger, sweepIntervalMs = SWEEP_INTERVAL_MS, webhooks, texts, observe } = options;
  // Texts of one's own may be broken, which shows at the start.
  const render = texts ? createMessageRenderer(texts) : renderWithOwnTexts();
  const db = openPool(databaseUrl, logger);
  try {
    await createSchema(db);
    const store = await openFaultStore(db, logger);
    const pending = await openPendingRequests(db, logger);
    const closing = new AbortController();
    const app = new Hono<SandboxEnv>();
    app.onError(answerErrors(logger));
    app.notFound((c) => c.json(new Refusal(404, 'NOT_FOUND', `no route ${c.req.method} ${c.req.path}`).body(), 404));
    app.use(logRequests(logger));
    if (observe) app.use(observe);
    app.use(refuseBrowsers);
    app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
    app.get('/healthz', async (c) => {
      await run(db, { name: 'sandbox-health', text: 'SELECT 1' });
      return c.json({ status: 'ok' });
    });
    app.route('/', faultRoutes(store));
    app.use(injectFaults({ db, store, logger, closing: closing.signal, handle: (request) => app.fetch(request) }));
    const routesOf = [inventoryRoutes, amendmentRoutes, restockRoutes];
    for (const routes of [...routesOf, customerRoutes, notificationRoutes, reviewRoutes]) app.route('/', routes(db));
    app.route('/', mailboxRoutes(db, render));
    app.route('/', reservationRoutes(db, pending));
    const sender = webhooks && startSendingWebhooks(db, logger, webhooks);
    const wake = sender?.wake;
    app.route('/', confirmationRoutes(db, pending));
    app.route('/', captureRoutes(db));
    app.route('/', orderRefundRoutes(db, wake));
    app.route('/', paymentRoutes(db, pending, wake));
    for (const routes of [disputeRoutes, deliveryRoutes, webhookRoutes]) app.route('/', routes(db, wake ?? (() => {})));
    pending.decideBy(decideLater(db, wake));
    const stopSweep = startSweep(db, logger, sweepIntervalMs);
    const close = async () => {
      closing.abort();
      await stopSweep();
      await pending.stop();
      await sender?.stop();
      await db.end();
    };
    return { app, close };
  } catch (error) {
    await db.end();
    throw error;
  }
}

/** Loads the texts when the first message is looked at. */
function renderWithOwnTexts(): MessageRenderer {
  let render: MessageRenderer | undefined;
  return (notification) => (render ??= createMessageRenderer(defaultTexts))(notification);
}

function tooLarge(): never {
  throw new Refusal(413, 'TOO_LARGE', `the body is larger than ${MAX_BODY_BYTES} bytes`);
}
