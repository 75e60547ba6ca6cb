import type { z } from 'zod';
import type { ProviderPayment } from '../domain/compare-payments.ts';
import { parseMoney } from '../domain/money.ts';
import { QUESTION_TIMEOUT_MS, type serviceClient } from './http-client.ts';
import type { MovementPage, MovementQuery } from './payment.ts';
import { movedPayments } from './payment-answers.ts';

/** A page of the payment service's own list. Throws a `GatewayError`. */
export async function listMovements(
  call: ReturnType<typeof serviceClient>,
  { from, to, cursor }: MovementQuery,
): Promise<MovementPage> {
  const query = {
    from: from.toISOString(),
    to: to.toISOString(),
    limit: '500',
    ...(cursor !== undefined && { cursor }),
  };
  const path = `/payments?${new URLSearchParams(query).toString()}`;
  // A page of a large list takes its time.
  const request = { operation: 'list_movements', method: 'GET', path, timeoutMs: QUESTION_TIMEOUT_MS } as const;
  const { data, next_cursor: next } = await call({ ...request, schema: movedPayments });
  return { payments: data.map(toMovement), nextCursor: next ?? undefined };
}

function toMovement(row: z.output<typeof movedPayments>['data'][number]): ProviderPayment {
  const { id, currency, fee } = row;
  const status = statusOf(row.status);
  const amount = status === 'CAPTURED' ? (row.captured_amount ?? row.amount) : row.amount;
  return {
    paymentId: id,
    idempotencyKey: row.idempotency_key ?? null,
    orderId: row.order_id ?? null,
    status,
    amountMinor: parseMoney(amount, currency),
    refundedMinor: parseMoney(row.refunded_amount, currency),
    currency,
    feeMinor: fee == null ? null : parseMoney(fee, currency),
    changedAt: new Date(row.changed_at),
  };
}

/** A status that is not known moved no money that is certain. */
function statusOf(status: string): ProviderPayment['status'] {
  if (['CAPTURED', 'PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(status)) return 'CAPTURED';
  if (status === 'DECLINED') return 'DECLINED';
  return status === 'VOIDED' || status === 'EXPIRED' ? 'VOIDED' : 'OPEN';
}
