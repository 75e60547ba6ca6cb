import type { Operations } from '../../client/client.ts';
import { textField } from '../actions/fields.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { stepWords } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { orderLink, table } from './table.ts';

interface AuditList {
  readonly filters: Readonly<Record<string, string>>;
  /** The address of the next page. */
  readonly next: string | undefined;
  /** What is wrong with the filters. */
  readonly fault?: string | undefined;
}

/** Who did and read what, the latest first. */
export function auditPage(
  view: View,
  entries: Operations['listAudit']['answer']['data'],
  { filters, next, fault }: AuditList,
): Html {
  const field = (name: string, label: string, example = '') =>
    textField(name, label, { value: filters[name] ?? '', example, isRequired: false });
  return layout(view, {
    title: 'Audit',
    area: 'audit',
    content: html`<h1>Audit</h1>
      <form class="row card filters" action="/console/audit">
        ${field('order_id', 'Order', 'ORD-00000042')} ${field('actor', 'Who', 'ann')}
        ${field('operation', 'What', 'Refund payment')} ${field('from', 'From', '2026-11-01')}
        ${field('to', 'Before', '2026-12-01')}
        <button>Show</button>
        <a class="button" href="/console/audit.csv?${new URLSearchParams(filters).toString()}" download
          >Export as CSV</a
        >
      </form>
      ${fault === undefined ? nothing : html`<p class="notice bad" role="alert">${fault}</p>`}
      ${table(
        'Audit',
        ['When', 'Who', 'What', 'Order', 'Reason', 'Outcome'],
        entries,
        (one) => [
          moment(one.at, 'short'),
          html`${one.actor} <small>${one.roles.join(', ')}</small>`,
          html`<span title="${one.path}">${stepWords(one.operation)}</span>`,
          orderLink(one),
          html`${one.reason ?? ''}`,
          html`${outcomeOf(one.status)} <small>${one.status ?? ''}</small>`,
        ],
        { empty: 'Nothing was done that fits these filters.' },
      )}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}`,
  });
}

function outcomeOf(status: number | null): string {
  if (status === null) return 'not ended';
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}
