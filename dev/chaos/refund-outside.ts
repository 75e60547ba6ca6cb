import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { waitFor, waitForOrder, type Client } from './order-client.ts';

const payments = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

/** Refunds the smallest amount at the payment service as its staff would, and waits until the order says so. */
export async function refundOutside(client: Client, id: string): Promise<void> {
  const { system, planned, commands, oddities } = client;
  if ((await waitFor(client, id, (status) => status !== 'PENDING')) !== 'CONFIRMED') return;
  const { body } = await system.sandbox({ path: `/payments/order/${id}` });
  const payment = payments.parse(body).data.find(({ status }) => status !== 'DECLINED');
  if (!payment) return;
  const { status } = await system.sandbox({
    method: 'POST',
    path: `/payments/${payment.id}/refund`,
    headers: { 'idempotency-key': `${planned.key}:outside` },
    body: { amount: formatMoney(1, planned.body.currency) },
  });
  commands.push(`refund outside ${status}`);
  if (status !== 200) return;
  const isKnown = await waitForOrder(client, id, ({ refunded_amount: refunded }) => Number(refunded) > 0);
  if (!isKnown) oddities.push('a refund at the payment service has not reached the order');
}
