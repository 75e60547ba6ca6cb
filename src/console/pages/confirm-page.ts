import type { OrderDetails } from '../order/read-details.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { wordsOf } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';

/** What an action will do, and the button that does it. */
export function confirmPage(
  view: View,
  { order }: OrderDetails,
  confirm: {
    readonly title: string;
    readonly effects: readonly string[];
    readonly button: string;
    readonly isFinal: boolean;
    readonly path: string;
    readonly fields: readonly (readonly [string, string])[];
    readonly hasMoved: boolean;
  },
): Html {
  return layout(view, {
    title: confirm.title,
    area: 'orders',
    content: html`<section class="card confirm">
      <p class="muted"><a href="/console/orders/${order.id}">${order.order_number}</a> · ${wordsOf(order.status)}</p>
      <h1>${confirm.title}?</h1>
      ${
        confirm.hasMoved
          ? html`<div class="notice warn" role="alert">
              The order has changed since you saw it. This is what it would do as the order stands now.
            </div>`
          : nothing
      }
      <ul class="effects">
        ${each(confirm.effects, (effect) => html`<li>${effect}</li>`)}
      </ul>
      <form method="post" action="${confirm.path}" class="row">
        ${each(confirm.fields, ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <button class="${confirm.isFinal ? 'danger' : 'primary'}" autofocus>${confirm.button}</button>
        <a class="button" href="/console/orders/${order.id}">Don’t</a>
      </form>
    </section>`,
  });
}
