import type { Operations, OrdersClient } from '../../client/client.ts';

type Listed<Name extends keyof Operations> = Operations[Name]['answer'] extends { readonly data: infer Data }
  ? Data
  : never;

/** Everything about an order that the API tells staff. */
export interface OrderDetails {
  readonly order: Operations['getOrder']['answer'];
  readonly history: Listed<'listOrderHistory'>;
  readonly steps: Listed<'listSagaSteps'>;
  readonly payments: Listed<'listOrderPayments'>;
  readonly shipments: Listed<'listOrderShipments'>;
  readonly returns: Listed<'listOrderReturns'>;
  readonly refunds: Listed<'listOrderRefunds'>;
  readonly messages: Listed<'listOrderNotifications'>;
  readonly notes: Listed<'listNotes'>;
  readonly disputes: Listed<'listOrderDisputes'>;
  readonly reviews: Listed<'listOrderReviews'>;
}

/** Reads them: the order through `client`, whose read is on record, and its parts through `parts`. Throws what the API refuses with. */
export async function readDetails(client: OrdersClient, parts: OrdersClient, id: string): Promise<OrderDetails> {
  // First the order: by a number that there is not, nothing else is asked.
  const order = await client.getOrder({ id });
  const of = { id: order.id };
  const [history, steps, payments, shipments, returns, refunds, messages, notes, disputes, reviews] = await Promise.all(
    [
      parts.listOrderHistory(of),
      parts.listSagaSteps(of),
      parts.listOrderPayments(of),
      parts.listOrderShipments(of),
      parts.listOrderReturns(of),
      parts.listOrderRefunds(of),
      parts.listOrderNotifications(of),
      parts.listNotes(of),
      parts.listOrderDisputes(of),
      parts.listOrderReviews(of),
    ],
  );
  return {
    order,
    history: history.data,
    steps: steps.data,
    payments: payments.data,
    shipments: shipments.data,
    returns: returns.data,
    refunds: refunds.data,
    messages: messages.data,
    notes: notes.data,
    disputes: disputes.data,
    reviews: reviews.data,
  };
}
