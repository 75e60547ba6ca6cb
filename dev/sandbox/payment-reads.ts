import { Hono } from 'hono';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import * as sql from './payments-sql.ts';
import { takenMinor, type PaymentRow } from './payments-sql.ts';
import type { PendingRequests, PendingRow } from './pending-requests.ts';
import { invalid, Refusal } from './refusal.ts';
import { isUuid, key, page, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';

/** The token of a card whose bank asks its holder to confirm each payment. */
export const CONFIRMED_TOKEN = 'tok_3ds';

/** A charge that was accepted and is made later. */
export type PendingCharge = PendingRow<
  Omit<PaymentRow, 'id' | 'refunded' | 'captured' | 'released' | 'expires_at' | 'created_at' | 'changed_at'>
>;

const moment = z.iso.datetime({ offset: true });
const listQuery = page.extend({ idempotency_key: key.optional(), from: moment.optional(), to: moment.optional() });

/** Reads payments by id, key and order, lists them, and sums them up for reconciliation. */
export function paymentReads(db: Pool, pending: PendingRequests): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get('/payments', async (c) => {
    const { limit, cursor, idempotency_key, from = null, to = null } = readQuery(c, listQuery);
    if (idempotency_key !== undefined) {
      const made = (await run<PaymentRow>(db, sql.paymentByKey, [idempotency_key])).map(paymentToWire);
      const accepted = made.length === 0 ? pending.find('payment', idempotency_key) : undefined;
      const { origin } = new URL(c.req.url);
      return c.json({ data: accepted ? [pendingPaymentToWire(accepted as PendingCharge, origin)] : made });
    }
    if (cursor !== undefined && !isUuid(cursor)) throw invalid('cursor', 'is not a cursor of this list');
    const rows = await run<PaymentRow>(db, sql.paymentsAfter, [cursor ?? null, limit, from, to]);
    return c.json({ data: rows.map(paymentToWire), next_cursor: rows.length === limit ? rows.at(-1)?.id : null });
  });

  app.get('/payments/totals', async (c) => {
    type Totals = {
      currency: string;
      captured: number;
      refunded: number;
      declined_count: number;
      captured_count: number;
    };
    const data = (await run<Totals>(db, sql.totals)).map((row) => ({
      ...row,
      captured: formatMoney(row.captured, row.currency),
      refunded: formatMoney(row.refunded, row.currency),
    }));
    return c.json({ data });
  });

  app.get('/payments/order/:order_id', async (c) =>
    c.json({ data: (await run<PaymentRow>(db, sql.paymentsByOrder, [c.req.param('order_id')])).map(paymentToWire) }),
  );

  app.get('/payments/:id', async (c) => {
    const id = c.req.param('id');
    const accepted = pending.findById(id);
    if (accepted?.service === 'payment') {
      return c.json(pendingPaymentToWire(accepted as PendingCharge, new URL(c.req.url).origin));
    }
    return c.json(paymentToWire(await findPayment(db, id)));
  });

  return app;
}

/** Finds a payment by its id; throws a 404 refusal when there is none. */
export async function findPayment(db: Parameters<typeof run>[0], id: string): Promise<PaymentRow> {
  const [payment] = isUuid(id) ? await run<PaymentRow>(db, sql.paymentById, [id]) : [];
  if (payment === undefined) throw new Refusal(404, 'UNKNOWN_PAYMENT', `no payment "${id}"`);
  return payment;
}

/** Converts a payment to its JSON form. */
export function paymentToWire(row: PaymentRow) {
  return {
    id: row.id,
    order_id: row.order_id,
    amount: formatMoney(row.amount, row.currency),
    refunded_amount: formatMoney(row.refunded, row.currency),
    currency: row.currency,
    status: statusOf(row),
    payment_method: row.payment_method,
    idempotency_key: row.idempotency_key,
    decline_code: row.decline_code,
    fee: row.decline_code === null ? formatMoney(Math.round(row.amount * FEE), row.currency) : null,
    created_at: row.created_at,
    changed_at: row.changed_at,
    ...(row.is_authorization && {
      captured_amount: formatMoney(row.captured, row.currency),
      expires_at: row.expires_at,
    }),
  };
}

/** What the payment service keeps of a charge for itself. */
const FEE = 0.015;

/** Converts a charge that is made later to its JSON form; `origin` is where the page is on which its payer confirms it. */
export function pendingPaymentToWire({ id, request, created_at }: PendingCharge, origin: string) {
  const untouched = { refunded: 0, captured: 0, released: false, expires_at: null };
  const payment = paymentToWire({ ...request, ...untouched, id, created_at, changed_at: created_at });
  const decided = { ...payment, decline_code: null };
  if (request.payment_method !== CONFIRMED_TOKEN) return { ...decided, status: 'PENDING' };
  const next_action = { type: 'redirect', url: `${origin}/3ds/${id}` };
  return { ...decided, status: 'ACTION_REQUIRED', next_action };
}

function statusOf(row: PaymentRow): string {
  const { decline_code, refunded } = row;
  if (decline_code !== null) return 'DECLINED';
  const taken = takenMinor(row);
  if (taken === 0) return row.released ? 'VOIDED' : heldStatus(row);
  if (refunded === 0) return row.is_authorization && !row.released ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
  return refunded < taken ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}

function heldStatus({ expires_at }: PaymentRow): string {
  return expires_at !== null && expires_at.getTime() <= Date.now() ? 'EXPIRED' : 'AUTHORIZED';
}
