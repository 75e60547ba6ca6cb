import type { Operations } from '../../client/client.ts';
import { badge } from '../ui/badge.ts';
import { each, html, type Html } from '../ui/html.ts';
import { formatSpan, moment } from '../ui/moment.ts';
import { wordsOf } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

interface Figures {
  readonly sinks: Operations['listEventSinks']['answer']['data'];
  readonly statuses: Operations['reportStatuses']['answer']['data'];
  readonly times: Operations['reportProcessingTimes']['answer']['data'];
  readonly inbox: Operations['listInboxEvents']['answer']['data'];
  readonly reports: Operations['listReconciliations']['answer']['data'];
}

/** How the system does: the last day's orders, what leaves it and what comes in. */
export function operationsPage(view: View, { sinks, statuses, times, inbox, reports }: Figures): Html {
  return layout(view, {
    title: 'Operations',
    area: 'operations',
    content: html`<h1>Operations</h1>
      <section class="card" aria-label="The last day">
        <h2>Orders of the last 24 hours</h2>
        ${statusBars(statuses)}
        <h3>How long they took</h3>
        ${table('Times', ['Until', 'Orders', 'Half within', '95 % within', '99 % within'], times, (one) => [
          html`${wordsOf(one.milestone)}`,
          html`${one.orders}`,
          ...[one.p50, one.p95, one.p99].map((seconds) => html`${seconds === null ? '' : formatSpan(seconds * 1_000)}`),
        ])}
      </section>
      <section class="card" aria-label="Receivers of events">
        <h2>Receivers of events</h2>
        ${table('Receivers', ['Receiver', 'Still to get', 'Oldest', 'Dead letters', 'Last error'], sinks, (one) => [
          html`${one.name} ${one.failing_since === null ? '' : badge('FAILING', 'bad')}`,
          html`${one.unpublished}`,
          html`${one.unpublished === 0 ? '' : formatSpan(one.oldest_seconds * 1_000)}`,
          one.dead_letters === 0 ? html`0` : html`<a href="/console/queues/dead_letter">${one.dead_letters}</a>`,
          html`${one.last_error ?? ''}`,
        ])}
      </section>
      <section class="card" aria-label="Events that came in and could not be applied">
        <h2>Events of other services that could not be applied</h2>
        ${table('Events', ['Event', 'From', 'Order', 'Received', 'Why'], inbox, (one) => [
          html`${one.type}`,
          html`${one.source}`,
          one.order_id === null ? html`` : html`<a href="/console/orders/${one.order_id}">Order</a>`,
          moment(one.received_at, 'short'),
          html`${one.reason ?? ''}`,
        ])}
      </section>
      <section class="card" aria-label="Comparisons with the payment service">
        <h2>Comparisons with the payment service</h2>
        ${table('Comparisons', ['From', 'To', 'State', 'Payments', 'Orders', 'Problem'], reports, (one) => [
          moment(one.from, 'short'),
          moment(one.to, 'short'),
          badge(one.state),
          html`${one.payments}`,
          html`${one.orders}`,
          html`${one.problem ?? ''}`,
        ])}
      </section>`,
  });
}

function statusBars(statuses: Figures['statuses']): Html {
  const some = statuses.filter(({ orders }) => orders > 0);
  if (some.length === 0) return html`<p class="empty">There were none.</p>`;
  return html`<dl class="bars">
    ${each(
      some,
      ({ status, orders, share }) =>
        html`<div>
          <dt>${wordsOf(status)}</dt>
          <dd><meter min="0" max="1" value="${share}" aria-label="${wordsOf(status)}">${share}</meter> ${orders}</dd>
        </div>`,
    )}
  </dl>`;
}
