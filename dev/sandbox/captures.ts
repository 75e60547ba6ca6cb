import { Hono } from 'hono';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import { findPayment, paymentToWire } from './payment-reads.ts';
import { isVoided, type PaymentRow } from './payments-sql.ts';
import { invalid, Refusal } from './refusal.ts';
import { amount, idempotencyKey, key, minorUnits, readBody, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';

const captureBody = z.object({ amount, final: z.boolean().default(true) });

/**
 * Takes $3 of what a payment holds, once per key; the rest is released with a final capture. No row when the key was used before or the
 * payment doesn't hold that much. The payment is locked first, so that a void comes either before or after.
 * $1 payment, $2 key, $3 amount, $4 final.
 */
const capture = {
  name: 'sandbox-capture',
  text: `
  WITH locked AS MATERIALIZED (SELECT * FROM sandbox.payments WHERE id = $1 FOR UPDATE),
  taken AS (
    INSERT INTO sandbox.captures (idempotency_key, payment_id, amount, is_final, captured_after)
    SELECT $2, id, $3::bigint, $4::boolean, captured + $3::bigint FROM locked
    WHERE decline_code IS NULL AND NOT released AND (expires_at IS NULL OR expires_at > now()) AND captured + $3::bigint <= amount
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING *
  )
  UPDATE sandbox.payments p SET captured = t.captured_after, released = t.is_final OR t.captured_after = p.amount
  FROM taken t WHERE p.id = t.payment_id RETURNING p.*`,
};

const captureByKey = {
  name: 'sandbox-capture-by-key',
  text: 'SELECT * FROM sandbox.captures WHERE idempotency_key = $1',
};

interface CaptureRow {
  readonly idempotency_key: string;
  readonly payment_id: string;
  readonly amount: number;
  readonly is_final: boolean;
}

/** Captures what is authorised, in parts or at once, each once per key, and finds captures by their keys. */
export function captureRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/payments/:id/capture', async (c) => {
    const captureKey = idempotencyKey(c);
    const body = await readBody(c, captureBody);
    const payment = await findPayment(db, c.req.param('id'));
    const amountMinor = minorUnits(body.amount, payment.currency, '/amount');
    if (amountMinor === 0) throw invalid('/amount', 'must be more than 0');
    const values = [payment.id, captureKey, amountMinor, body.final];
    const [captured] = await run<PaymentRow>(db, capture, values);
    if (captured) return c.json(paymentToWire(captured), 201);
    const [earlier] = await run<CaptureRow>(db, captureByKey, [captureKey]);
    if (!earlier) throw await whyRefused(db, payment.id, amountMinor);
    const isSame =
      earlier.payment_id === payment.id && earlier.amount === amountMinor && earlier.is_final === body.final;
    if (!isSame) throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another capture');
    return c.json(paymentToWire(await findPayment(db, payment.id)));
  });

  app.get('/captures', async (c) => {
    const { idempotency_key } = readQuery(c, z.object({ idempotency_key: key }));
    const captures = await run<CaptureRow>(db, captureByKey, [idempotency_key]);
    const data = [];
    for (const { payment_id, amount: capturedMinor, is_final } of captures) {
      // One key has one capture.
      // oxlint-disable-next-line no-await-in-loop
      const { currency, order_id } = await findPayment(db, payment_id);
      const taken = { amount: formatMoney(capturedMinor, currency), currency, final: is_final };
      data.push({ idempotency_key, payment_id, order_id, ...taken });
    }
    return c.json({ data });
  });

  return app;
}

async function whyRefused(db: Pool, id: string, amountMinor: number): Promise<Refusal> {
  const payment = await findPayment(db, id);
  const { order_id, idempotency_key, amount: heldMinor, captured, expires_at, currency } = payment;
  if ((await run(db, isVoided, [order_id, idempotency_key])).length > 0) {
    return new Refusal(409, 'PAYMENT_VOIDED', 'the authorisation was released');
  }
  const isExpired = payment.is_authorization && expires_at !== null && expires_at.getTime() <= Date.now();
  if (isExpired && !payment.released) {
    return new Refusal(409, 'AUTHORIZATION_EXPIRED', 'the authorisation has expired');
  }
  const holdsMinor = payment.released || !payment.is_authorization ? 0 : heldMinor - captured;
  const holds = `the authorisation holds ${formatMoney(holdsMinor, currency)} ${currency}`;
  return new Refusal(409, 'CAPTURE_EXCEEDS', `${holds}, not ${formatMoney(amountMinor, currency)}`);
}
