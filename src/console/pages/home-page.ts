import type { Operations } from '../../client/client.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { each, html, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { stepWords } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { ordersTable } from './orders-page.ts';

interface Work {
  readonly waiting: Operations['listWaitingOrders']['answer']['data'];
  readonly newest: Operations['listOrders']['answer']['data'];
}

/** What waits for somebody, and the newest orders. */
export function homePage(view: View, { waiting, newest }: Work): Html {
  return layout(view, {
    title: 'Work',
    area: 'work',
    content: html`<h1>Work</h1>
      ${livePart(
        'waiting',
        html`<h2>Orders that wait</h2>
          ${waiting.length === 0 ? html`<p class="empty">No order waits for anything.</p>` : waitingTable(waiting)}`,
      )}
      ${livePart(
        'newest',
        html`<h2>Newest orders</h2>
          ${ordersTable(view, newest)}`,
      )}`,
  });
}

/** Orders that wait, with where and why. */
export function waitingTable(waiting: Work['waiting']): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Orders that wait">
    <table>
      <thead>
        <tr>
          <th>Order</th>
          <th>Waits for</th>
          <th>Step</th>
          <th>Since</th>
          <th>Last error</th>
        </tr>
      </thead>
      <tbody>
        ${each(
          waiting,
          ({
            order_id: id,
            order_number: number,
            status,
            cause,
            step,
            since,
            attempts,
            last_error: error,
            is_stuck: isStuck,
          }) =>
            html`<tr>
              <td><a href="/console/orders/${id}">${number}</a> ${badge(status)}</td>
              <td>${badge(cause)}${isStuck ? html` <span class="badge bad">Stuck</span>` : ''}</td>
              <td>
                ${step === null ? '' : stepWords(step)}${attempts > 1 ? html` <small>${attempts} attempts</small>` : ''}
              </td>
              <td>${moment(since, 'short')}</td>
              <td class="text">${error ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
