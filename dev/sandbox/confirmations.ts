import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatMoney } from '../../src/domain/money.ts';
import { run, type Pool } from './database.ts';
import { htmlPage } from './html-page.ts';
import { CONFIRMED_TOKEN, type PendingCharge } from './payment-reads.ts';
import { paymentByKey, type PaymentRow } from './payments-sql.ts';
import type { PendingRequests } from './pending-requests.ts';
import { Refusal } from './refusal.ts';
import { isUuid, type SandboxEnv } from './request.ts';

/** A page runs no scripts, loads nothing, and sends its answer nowhere else. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The page of a bank on which the holder of a card confirms a payment, or refuses it. */
export function confirmationRoutes(db: Pool, pending: PendingRequests): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get('/3ds/:id', (c) => {
    const charge = findOpen(pending, c.req.param('id'));
    c.header('content-security-policy', policy);
    return c.html(charge ? htmlPage('Confirm your payment', question(charge)) : over(), charge ? 200 : 404);
  });

  app.post('/3ds/:id/:answer{approve|refuse}', async (c) => {
    const charge = findOpen(pending, c.req.param('id'));
    c.header('content-security-policy', policy);
    if (!charge) return c.html(over(), 404);
    await pending.decideNow(charge, c.req.param('answer') === 'refuse');
    const [payment] = await run<PaymentRow>(db, paymentByKey, [charge.key]);
    if (!payment && findOpen(pending, charge.id))
      throw new Refusal(503, 'UNAVAILABLE', 'the payment could not be made now: try again');
    if (!payment) return c.html(over(), 404);
    const isRefused = payment.decline_code !== null;
    return c.html(htmlPage(isRefused ? 'Refused' : 'Confirmed', html`<p>You may close this page.</p>`));
  });

  return app;
}

function findOpen(pending: PendingRequests, id: string): PendingCharge | undefined {
  const row = isUuid(id) ? pending.findById(id) : undefined;
  if (row?.service !== 'payment') return undefined;
  const charge = row as PendingCharge;
  return charge.request.payment_method === CONFIRMED_TOKEN ? charge : undefined;
}

function question({ id, order_id, request }: PendingCharge) {
  return html`<p>
      Your bank asks you to confirm a payment of
      <strong>${formatMoney(request.amount, request.currency)} ${request.currency}</strong> for order ${order_id}.
    </p>
    <form method="post" action="/3ds/${id}/approve"><button>Approve</button></form>
    <form method="post" action="/3ds/${id}/refuse"><button>Refuse</button></form>`;
}

function over() {
  return htmlPage('Nothing to confirm', html`<p>This payment was confirmed, refused or given up before.</p>`);
}
