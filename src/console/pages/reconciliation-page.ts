import type { Operations } from '../../client/client.ts';
import { badge } from '../ui/badge.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, counted, wordsOf } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { orderLink, table } from './table.ts';

/** What a comparison with the payment service found, with what to do about each difference. */
export function reconciliationPage(view: View, report: Operations['getReconciliation']['answer']): Html {
  const { differences } = report;
  return layout(view, {
    title: 'Comparison with the payment service',
    area: 'operations',
    content: html`<p class="muted"><a href="/console/operations">Operations</a></p>
      <h1>Comparison with the payment service</h1>
      <p>
        ${badge(report.state)} ${moment(report.from)} to ${moment(report.to)}, by ${actorWords(report.actor)}:
        ${counted(report.payments, 'payment')} and ${counted(report.orders, 'order')} compared, ${report.in_flight} left
        out since something was under way.
      </p>
      ${report.problem === null ? nothing : html`<p class="notice bad">${report.problem}</p>`}
      ${table(
        'Differences',
        ['What', 'Order', 'Our books', 'Payment service', 'What to do'],
        differences,
        (one) => [
          html`${wordsOf(one.kind)} <small>${one.payment_id ?? one.idempotency_key ?? ''}</small>`,
          orderLink(one),
          html`${one.ours ?? 'nothing'}`,
          html`${one.theirs ?? 'nothing'}`,
          html`${one.what_to_do}`,
        ],
        { empty: report.state === 'RUNNING' ? 'Nothing so far.' : 'There is no difference.' },
      )}
      <p><a class="button" href="/console/reconciliations/${report.id}/differences.csv" download>All as CSV</a></p>`,
  });
}
