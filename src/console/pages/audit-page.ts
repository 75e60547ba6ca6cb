import type { Operations } from '../../client/client.ts';
import { textField } from '../actions/fields.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

/** Who did and read what, the latest first. */
export function auditPage(
  view: View,
  entries: Operations['listAudit']['answer']['data'],
  { filters, next }: { readonly filters: Readonly<Record<string, string>>; readonly next: string | undefined },
): Html {
  const field = (name: string, label: string) =>
    textField(name, label, { value: filters[name] ?? '', isRequired: false });
  return layout(view, {
    title: 'Audit',
    area: 'audit',
    content: html`<h1>Audit</h1>
      <form class="row card" action="/console/audit">
        ${field('order_id', 'Order')} ${field('actor', 'Who')} ${field('from', 'From')} ${field('to', 'Before')}
        <button>Show</button>
      </form>
      ${table('Audit', ['When', 'Who', 'What', 'Order', 'Reason', 'Answer'], entries, (one) => [
        moment(one.at, 'short'),
        html`${one.actor} <small>${one.roles.join(', ')}</small>`,
        html`${one.operation}`,
        one.order_id === null ? html`` : html`<a href="/console/orders/${one.order_id}">Order</a>`,
        html`${one.reason ?? ''}`,
        html`${one.status ?? 'not ended'}`,
      ])}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}`,
  });
}
