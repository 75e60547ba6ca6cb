import { z } from 'zod';
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

/** Only servers from 1.30 on know the attribute, and refuse the query otherwise. */
const REPORTED_PROBLEMS = 'TemporalReportedProblems';

/** The lists of orders that are ready to be opened, with those whose workflow tasks fail where Temporal says so of a workflow. */
export async function findWebUiLinks(ui: WebUi): Promise<WebUiLink[]> {
  const links = webUiLinks(ui);
  return (await reportsProblems(ui)) ? [...links, failingTasksLink(ui)] : links;
}

/** The list of orders whose workflow tasks fail, for a Temporal that says so of a workflow. */
export function failingTasksLink(ui: WebUi): WebUiLink {
  return linkOf(ui, 'tasks fail', `${running} AND ${REPORTED_PROBLEMS} IS NOT NULL`);
}

const attributesSchema = z.object({ systemAttributes: z.record(z.string(), z.unknown()) });

/** Whether Temporal says of a workflow that its tasks fail, as the Web UI knows it; false when it can't be asked, such as behind a login. */
async function reportsProblems({ webUiUrl, namespace }: WebUi): Promise<boolean> {
  const url = `${webUiUrl.replace(/\/$/, '')}/api/v1/namespaces/${encodeURIComponent(namespace)}/search-attributes`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    const { systemAttributes } = attributesSchema.parse(await response.json());
    return REPORTED_PROBLEMS in systemAttributes;
  } catch {
    return false;
  }
}

/** The other links are printed without an answer, so that waiting longer for this one is not worth it. */
const ASK_LIMIT_MS = 2_000;

/** The lists that every Temporal has. */
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
