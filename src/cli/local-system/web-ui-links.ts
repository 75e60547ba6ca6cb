import { CREATE_ORDER } from '../../domain/messages.ts';
import { orderStatuses } from '../../domain/order-status.ts';

/** A list of workflows in Temporal's Web UI: what it shows, and its address. */
export interface WebUiLink {
  readonly name: string;
  readonly url: string;
}

/** Where a Web UI is, and which namespace the orders run in. */
export interface WebUi {
  readonly webUiUrl: string;
  readonly namespace: string;
}

const running = `WorkflowType = "${CREATE_ORDER}" AND ExecutionStatus = "Running"`;

/** What an operator looks for first. */
const lists: readonly (readonly [string, string])[] = [
  ['needs attention', `${running} AND NeedsAttention = true`],
  ['retrying', `${running} AND SagaStep IS NOT NULL AND (NeedsAttention = false OR NeedsAttention IS NULL)`],
  ['payment failed', `${running} AND OrderStatus = "PAYMENT_FAILED"`],
  ['paused', `WorkflowType = "${CREATE_ORDER}" AND TemporalPauseInfo IS NOT NULL`],
  ['ended by force', `WorkflowType = "${CREATE_ORDER}" AND ExecutionStatus IN ("Terminated", "TimedOut", "Failed")`],
];

/** The lists of orders that are ready to be opened. */
export function webUiLinks(ui: WebUi): WebUiLink[] {
  return lists.map(([name, query]) => linkOf(ui, name, query));
}

/** The lists of the orders in each status. */
export function statusLinks(ui: WebUi): WebUiLink[] {
  return orderStatuses.map((status) =>
    linkOf(ui, status, `WorkflowType = "${CREATE_ORDER}" AND OrderStatus = "${status}"`),
  );
}

/** The list of a customer's orders. */
export function customerLink(ui: WebUi, customerId: string): WebUiLink {
  return linkOf(ui, `customer ${customerId}`, `CustomerId = "${escapeQuotes(customerId)}"`);
}

/** The list with one order, by its number. */
export function orderLink(ui: WebUi, orderNumber: string): WebUiLink {
  return linkOf(ui, orderNumber, `OrderNumber = "${escapeQuotes(orderNumber)}"`);
}

function linkOf({ webUiUrl, namespace }: WebUi, name: string, query: string): WebUiLink {
  const path = `/namespaces/${encodeURIComponent(namespace)}/workflows?query=${encodeURIComponent(query)}`;
  return { name, url: `${webUiUrl.replace(/\/$/, '')}${path}` };
}

function escapeQuotes(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`);
}
