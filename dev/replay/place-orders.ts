import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { orderStatuses } from '../../src/domain/order-status.ts';
import { type HttpClient, NoAnswerError } from './http-client.ts';
import { buildOrderRequest } from './order-request.ts';
import type { Invoice } from './read-invoices.ts';
import { ReplayError } from './replay-error.ts';

/** The outcome of an invoice: an order (with a code when it was refused after acceptance), a refusal, or no answer. */
export type Outcome =
  | { readonly kind: 'order'; readonly orderId: string; readonly code?: string | undefined }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unanswered'; readonly why: string };

/** How orders are placed; `onOutcome` receives each status or code for the progress bar. */
export interface PlaceOptions {
  readonly concurrency: number;
  readonly patienceMs: number;
  readonly onOutcome: (label: string) => void;
}

const orderSchema = z.object({ id: z.string(), status: z.enum(orderStatuses) });
const problemSchema = z.object({ code: z.string(), order_id: z.string().nullish() });

/** An order usually settles within 20 ms; later polls are rarer, to spare a system that is catching up. */
const FIRST_POLL_MS = 100;
const MAX_POLL_MS = 2_000;

/** Places each invoice once, in the file's order and `concurrency` at a time, and polls each order until it is settled or patience ends. */
export async function placeOrders(
  api: HttpClient,
  invoices: readonly Invoice[],
  options: PlaceOptions,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = invoices.values();
  const placeNext = async (): Promise<void> => {
    // All share one iterator: each takes the next invoice.
    for (const invoice of waiting) {
      const { outcome, label } = await placeOne(api, invoice, options.patienceMs);
      outcomes.set(invoice.number, outcome);
      options.onOutcome(label);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, placeNext));
  return outcomes;
}

interface Placed {
  readonly outcome: Outcome;
  readonly label: string;
}

async function placeOne(api: HttpClient, invoice: Invoice, patienceMs: number): Promise<Placed> {
  try {
    const answer = await api({
      method: 'POST',
      path: '/api/v1/orders',
      headers: { 'idempotency-key': invoice.number },
      body: buildOrderRequest(invoice),
    });
    if (answer.status < 300) return await waitUntilSettled(api, orderSchema.parse(answer.body), patienceMs);
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
      throw new ReplayError(
        `POST /api/v1/orders was refused with status ${answer.status}. Check that API_URL is this system's API.`,
      );
    }
    const problem = problemSchema.safeParse(answer.body).data;
    const code = problem?.code ?? `HTTP_${answer.status}`;
    const orderId = problem?.order_id;
    return { outcome: orderId ? { kind: 'order', orderId, code } : { kind: 'refused', code }, label: code };
  } catch (error) {
    if (error instanceof NoAnswerError) {
      return { outcome: { kind: 'unanswered', why: error.message }, label: 'unanswered' };
    }
    if (error instanceof z.ZodError) {
      return { outcome: { kind: 'unanswered', why: 'the answer is not an order' }, label: 'unreadable' };
    }
    throw error;
  }
}

/** Polls until the order is no longer PENDING; reconciliation reports orders that stay PENDING. */
async function waitUntilSettled(
  api: HttpClient,
  placed: z.infer<typeof orderSchema>,
  patienceMs: number,
): Promise<Placed> {
  const untilMs = Date.now() + patienceMs;
  let order = placed;
  for (let pauseMs = FIRST_POLL_MS; order.status === 'PENDING' && Date.now() < untilMs; pauseMs *= 2) {
    await sleep(Math.min(pauseMs, MAX_POLL_MS));
    const answer = await api({ path: `/api/v1/orders/${order.id}` });
    // A failed read counts as PENDING here; reconciliation checks whether the order exists.
    if (answer.status === 200) order = orderSchema.parse(answer.body);
  }
  return { outcome: { kind: 'order', orderId: order.id }, label: order.status };
}
