import type { TestSandbox } from './sandbox.ts';

/** What tests ask of the payment service; `sandbox` is called late, since it starts after a file is loaded. */
export function paymentCalls(sandbox: () => TestSandbox) {
  const charge = (order_id: string, given: Record<string, string> = {}, key = `${order_id}:charge`) =>
    sandbox().call(
      'POST',
      '/payments',
      { order_id, amount: '42.00', currency: 'EUR', payment_method: 'tok_ok', ...given },
      { 'Idempotency-Key': key },
    );
  const refund = (id: string, key: string, amount?: string) =>
    sandbox().call('POST', `/payments/${id}/refund`, { amount }, { 'Idempotency-Key': key });
  const voidOrder = (orderId: string, idempotency_key?: string) =>
    sandbox().call('POST', `/payments/order/${orderId}/void`, { idempotency_key });
  const payments = async (orderId: string) => (await sandbox().call('GET', `/payments/order/${orderId}`)).body.data;
  return { charge, refund, voidOrder, payments };
}
