import { isSome } from '../actions/order-facts.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { counted, stepWords } from '../ui/words.ts';
import { may, money, type View } from '../view.ts';

/** The state of an order and its money, and what somebody has to know before all else. */
export function orderHead(view: View, details: OrderDetails): Html {
  const { order } = details;
  const runUrl = view.runUrl(order.id);
  return html`<header class="order-head">
      <div>
        <h1>${order.order_number}</h1>
        <p>
          ${badge(order.status)}
          <span class="word"><span class="label">Payment</span> ${badge(order.payment_status)}</span>
          <span class="word"><span class="label">Saga</span> ${badge(order.saga_state)}</span>
        </p>
        <p class="muted">
          Placed
          ${moment(order.created_at)}${order.reference === null ? '' : html` · reference <b>${order.reference}</b>`}${
            order.source === null ? '' : html` · ${order.source}`
          }
        </p>
      </div>
      <div class="sum">
        <strong>${money(view, order.total, order.currency)}</strong>
        ${
          isSome(order.refunded_amount)
            ? html`<span class="muted">${money(view, order.refunded_amount, order.currency)} refunded</span>`
            : nothing
        }
        ${
          runUrl === undefined
            ? nothing
            : html`<a class="outside" href="${runUrl}" target="_blank" rel="noreferrer">Run in Temporal</a>`
        }
      </div>
    </header>
    ${each(alarms(view, details), (alarm) => html`<div class="notice ${alarm.tone}">${alarm.text}</div>`)}`;
}

interface Alarm {
  readonly tone: 'bad' | 'warn';
  readonly text: Html;
}

/** What somebody has to know before all else. */
function alarms(view: View, { order, steps, disputes, reviews, stall }: OrderDetails): Alarm[] {
  const parked = steps.filter(({ state }) => state === 'FAILED');
  // What Temporal knows of an order comes before what its ledger says.
  const retried = steps.filter(({ state, attempts }) => state === 'RUNNING' && attempts > 1 && stall === null);
  return [
    ...(stall === null ? [] : [stallAlarm(stall)]),
    ...parked.map(({ step, attempts, last_error: error }) => ({
      tone: 'bad' as const,
      text: html`<b>${stepWords(step)}</b> waits for a decision after ${counted(attempts, 'attempt')}:
        ${error ?? 'no error was told'}.
        ${may(view, ['operator', 'admin']) ? html`<a href="#action-resolve">Decide</a>` : 'An operator decides.'}`,
    })),
    ...retried.map(({ step, attempts, last_error: error }) => ({
      tone: 'warn' as const,
      text: html`<b>${stepWords(step)}</b> is being retried (${attempts} attempts) and goes on by itself: ${error ?? ''}`,
    })),
    ...disputes
      .filter(({ state }) => state === 'OPEN')
      .map(({ amount, currency, reason, respond_by: until }) => ({
        tone: 'bad' as const,
        text: html`<b>${money(view, amount, currency)} are disputed</b
          >${reason === null ? '' : `: ${reason}`}${until === null ? '' : html`; answer the bank by ${moment(until)}`}`,
      })),
    ...reviews
      .filter(({ verdict, decision }) => verdict === 'review' && decision === null)
      .map(({ reasons, decide_until: until }) => ({
        tone: 'warn' as const,
        text: html`<b>Waits for a review</b>:
          ${reasons.join('; ')}${until === null ? '' : html`; decide until ${moment(until)}`}`,
      })),
    ...(order.failure === null ? [] : [{ tone: 'warn' as const, text: html`${order.failure.message}` }]),
    ...(order.payment_retry_until !== null && order.status === 'PAYMENT_FAILED'
      ? [
          {
            tone: 'warn' as const,
            text: html`Another payment method may be offered until ${moment(order.payment_retry_until)}.`,
          },
        ]
      : []),
    ...(order.amend_until === null
      ? []
      : [
          {
            tone: 'warn' as const,
            text: html`Goods ran out: it can be amended until ${moment(order.amend_until)}, then it is cancelled.`,
          },
        ]),
    ...(isSome(order.refund_due)
      ? [
          {
            tone: 'bad' as const,
            text: html`<b>${money(view, order.refund_due, order.currency)} have to go back by hand</b>: they were paid
              outside the payment service.`,
          },
        ]
      : []),
  ];
}

/** An order that needs attention or is retried says so by its steps, unless only Temporal knows it. */
function stallAlarm({ cause, step, since, last_error: error }: NonNullable<OrderDetails['stall']>): Alarm {
  const where = step === null ? '' : html` in <b>${stepWords(step)}</b>`;
  return { tone: 'bad', text: html`<b>${stallWords[cause]}</b>${where}, since ${moment(since)}: ${error ?? ''}` };
}

const stallWords: Readonly<Record<NonNullable<OrderDetails['stall']>['cause'], string>> = {
  RETRYING: 'Is being retried',
  NEEDS_ATTENTION: 'Waits for a decision',
  PAUSED: 'Is paused',
  TASK_FAILING: 'Its workflow tasks fail',
  KEY_MISSING: 'A key is missing in PAYLOAD_KEYS',
  NO_WORKER: 'No worker takes it',
};
