import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { amendmentStates } from '../../src/domain/amendment.ts';
import { couponKinds } from '../../src/domain/coupon.ts';
import { importKinds, importOrderStates, importStatuses } from '../../src/domain/import.ts';
import { changeKinds } from '../../src/domain/order-change.ts';
import { refundStates } from '../../src/domain/amount-refund.ts';
import { returnStates } from '../../src/domain/order-return.ts';
import { orderStatuses } from '../../src/domain/order-status.ts';
import { paymentStatuses } from '../../src/domain/payment-status.ts';
import { webhookEffects } from '../../src/domain/payment-webhook.ts';
import { sagaStates, stepStates } from '../../src/domain/saga.ts';
import { disabledReasons } from '../../src/domain/webhook-endpoint.ts';
import { openOrders } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(async () => {
  await orders.close();
});

// Migrations are frozen and import nothing of the domain: a word that the domain gains needs a migration, and this fails without one.
test.each([
  ['orders_status_check', orderStatuses],
  ['orders_payment_status_check', paymentStatuses],
  ['orders_saga_state_check', sagaStates],
  ['order_status_history_change_check', changeKinds],
  ['order_saga_steps_state_check', stepStates],
  ['order_amendments_state_check', amendmentStates],
  ['order_returns_state_check', returnStates],
  ['order_refunds_state_check', refundStates],
  ['coupons_kind_check', couponKinds],
  ['imports_kind_check', importKinds],
  ['imports_status_check', ['UPLOADING', ...importStatuses]],
  ['import_orders_state_check', importOrderStates],
  ['payment_webhooks_effect_check', webhookEffects],
  ['webhook_endpoints_disabled_reason_check', disabledReasons],
])('%s allows exactly the values that the domain has', async (constraint, values) => {
  const { rows } = await sql<{ definition: string }>`
    select pg_get_constraintdef(oid) as definition from pg_constraint where conname = ${constraint}`.execute(orders.db);
  expect(rows).toHaveLength(1);
  const allowed = [...(rows[0]?.definition ?? '').matchAll(/'(\w+)'/g)].map(([, value]) => value);
  expect(new Set(allowed)).toEqual(new Set(values));
});
