import type { Operations } from '../../client/client.ts';
import { resolutions } from '../../domain/messages.ts';
import type { WorkQueue } from '../../domain/work-queue.ts';
import { choiceField, reasonField, textField } from '../actions/fields.ts';
import { isSome } from '../actions/order-facts.ts';
import { livePart } from '../order/refresh.ts';
import { queueWords } from '../queues/queue-words.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { stepWords, wordsOf } from '../ui/words.ts';
import { may, money, type View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

type Waiting = Operations['listWaitingOrders']['answer']['data'];

/** A queue with its list, and what can be done to many of it at once. */
export function queuePage(view: View, queue: WorkQueue, list: Html): Html {
  const { name, about } = queueWords[queue];
  const isResolvable = queue === 'NEEDS_ATTENTION' && may(view, ['operator', 'admin']);
  return layout(view, {
    title: name,
    area: 'work',
    content: html`<h1>${name}</h1>
      <p class="muted">${about}</p>
      ${isResolvable ? resolveForm() : nothing} ${livePart('queue', list)}`,
  });
}

function resolveForm(): Html {
  return html`<section class="card actions">
    <details>
      <summary>Decide many at once</summary>
      <form method="post" action="/console/resolve">
        ${textField('error', 'Only those whose last error contains', { isRequired: false })}
        ${choiceField(
          'action',
          'What to do',
          resolutions.map((action) => [action, stepWords(action)]),
        )}
        ${reasonField()}
        <button>Preview …</button>
      </form>
    </details>
  </section>`;
}

/** Orders that wait for something other than their customer. */
export function waitingQueue(waiting: Waiting): Html {
  return table('Orders that wait', ['Order', 'Waits for', 'Step', 'Since', 'Last error'], waiting, (one) => [
    html`<a href="/console/orders/${one.order_id}">${one.order_number}</a> ${badge(one.status)}`,
    html`${badge(one.cause)}${one.is_stuck ? html` <span class="badge bad">Stuck</span>` : ''}`,
    html`${one.step === null ? '' : stepWords(one.step)}${one.attempts > 1 ? html` <small>${one.attempts} attempts</small>` : ''}`,
    moment(one.since, 'short'),
    html`${one.last_error ?? ''}`,
  ]);
}

/** Orders of a queue, the most urgent first. */
export function queuedList(view: View, orders: Operations['listQueue']['answer']['data']): Html {
  return table('Orders', ['Order', 'Customer', 'Total', 'Since', 'Until', 'Why'], orders, (one) => [
    html`<a href="/console/orders/${one.order_id}">${one.order_number}</a> ${badge(one.status)}`,
    html`${one.customer_name ?? ''}`,
    html`${money(view, one.total, one.currency)}${
      isSome(one.refund_due) ? html` <small>${money(view, one.refund_due, one.currency)} to give back</small>` : ''
    }`,
    moment(one.since, 'short'),
    one.until === null ? html`` : moment(one.until, 'short'),
    html`${one.detail ?? ''}`,
  ]);
}

/** Messages that could not be sent. */
export function messagesList(messages: Operations['listNotifications']['answer']['data']): Html {
  return table('Messages', ['Order', 'Message', 'Attempts', 'Since', 'Last error'], messages, (one) => [
    html`<a href="/console/orders/${one.order_id}">Order</a>`,
    html`${wordsOf(one.type)}`,
    html`${one.attempts}`,
    moment(one.created_at, 'short'),
    html`${one.last_error ?? ''}`,
  ]);
}

/** Events that a receiver did not take. */
export function deadLettersList(events: Operations['listEvents']['answer']['data']): Html {
  return table('Dead letters', ['Event', 'Receiver', 'Order', 'Attempts', 'Since', 'Last error'], events, (one) => [
    html`${one.type}`,
    html`${one.sink}`,
    one.order_id === null ? html`` : html`<a href="/console/orders/${one.order_id}">Order</a>`,
    html`${one.attempts}`,
    moment(one.created_at, 'short'),
    html`${one.last_error ?? ''}`,
  ]);
}

/** How long each queue is, each a link to it. */
export function queueTiles(view: View, counts: Operations['listQueues']['answer']['data']): Html {
  const shown = counts.filter(({ queue }) => queue !== 'DEAD_LETTER' || may(view, ['operator', 'admin']));
  return html`<ul class="tiles">
    ${each(shown, ({ queue, count }) => {
      const { name, tone } = queueWords[queue];
      return html`<li>
        <a class="${count > 0 ? `some ${tone}` : 'none'}" href="/console/queues/${queue.toLowerCase()}"
          ><strong>${count >= 1_000 ? '1000+' : count}</strong> ${name}</a
        >
      </li>`;
    })}
  </ul>`;
}
