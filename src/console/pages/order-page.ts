import { orderEventTypes, paymentEventTypes } from '../../domain/order-event.ts';
import { isFinal } from '../../domain/order-status.ts';
import type { OrderAction } from '../actions/order-action.ts';
import { offeredActions } from '../actions/order-actions.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { livePart } from '../order/refresh.ts';
import { pictureSagas } from '../order/saga-picture.ts';
import { mergeTimeline } from '../order/timeline.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { money, type View } from '../view.ts';
import { layout, toldNotice } from './layout.ts';
import { orderFacts } from './order-facts-part.ts';
import { orderHead } from './order-head.ts';
import { orderItems } from './order-items.ts';
import { sagaDrawing } from './saga-drawing.ts';
import { timelineList } from './timeline-list.ts';

/** After each of these the page is read again. */
const eventNames = [...orderEventTypes, ...paymentEventTypes].join(' ');

/** Everything about an order, and what may be done with it. */
export function orderPage(view: View, details: OrderDetails): Html {
  const { order } = details;
  const events = isFinal(order.status)
    ? nothing
    : html`data-events="/console/orders/${order.id}/events" data-names="${eventNames}" data-version="${order.version}"`;
  const offered = offeredActions(details, view);
  const refused = view.told?.isRefused === true ? offered.find(({ name }) => name === view.told?.about) : undefined;
  return layout(view, {
    title: order.order_number,
    area: 'orders',
    isToldInside: refused !== undefined,
    content: html`<article class="order" ${events}>
      ${livePart('head', orderHead(view, details))}
      <div class="columns">
        <div class="wide">
          ${livePart('saga', sagaPart(details))} ${livePart('items', orderItems(view, details))}
          ${livePart('timeline', timelineList(mergeTimeline(details, (amount) => money(view, amount, order.currency))))}
        </div>
        <aside class="narrow">
          ${livePart('actions', actionsPart(view, details, { offered, refused }))}
          ${livePart('facts', orderFacts(view, details))}
        </aside>
      </div>
    </article>`,
  });
}

function sagaPart({ steps }: OrderDetails): Html {
  return html`<section class="card" aria-label="Saga">
    <h2>Saga</h2>
    ${each(pictureSagas(steps), sagaDrawing)}
  </section>`;
}

function actionsPart(
  view: View,
  details: OrderDetails,
  { offered, refused }: { readonly offered: readonly OrderAction[]; readonly refused: OrderAction | undefined },
): Html {
  const { order } = details;
  return html`<section class="card actions" aria-label="Actions">
    <h2>What you can do</h2>
    ${each(
      offered,
      (action) =>
        html`<details name="action" id="action-${action.name}" ${action === refused ? 'open' : ''}>
          <summary>${action.title}</summary>
          ${action === refused && view.told ? toldNotice(view.told) : nothing}
          <form method="post" action="/console/orders/${order.id}/actions/${action.name}">
            ${action.form(details, view)}
            <button>Preview …</button>
          </form>
        </details>`,
    )}
  </section>`;
}
