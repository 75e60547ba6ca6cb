import type { Operations } from '../../client/client.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, counted, stepWords } from '../ui/words.ts';
import { money, type View } from '../view.ts';
import { confirmPage } from './confirm-page.ts';
import { layout } from './layout.ts';
import { decisionWords, filterWords } from './resolutions-page.ts';
import { table } from './table.ts';

type Preview = Extract<Operations['resolveSagas']['answer'], { readonly dry_run: true }>;
type Request = Operations['resolveSagas']['request']['body'];
type Report = Operations['getSagaResolution']['answer'];

/** Which orders a decision reaches and what it does to them, and the button that makes it. */
export function resolvePreviewPage(
  view: View,
  { matched, groups, orders }: Preview,
  {
    body: { action, reason },
    path,
    fields,
  }: { readonly body: Request; readonly path: string; readonly fields: readonly (readonly [string, string])[] },
): Html {
  const words = stepWords(action);
  const steps = counted(matched, 'parked step');
  const back = path;
  if (matched === 0) {
    return layout(view, {
      title: `${words} many`,
      area: 'work',
      content: html`<h1>None of them is parked any more</h1>
        <p><a class="button" href="${back}">Back</a></p>`,
    });
  }
  return confirmPage(view, {
    area: 'work',
    about: html`Needs attention`,
    title: `${words} ${steps}`,
    effects: [
      ...groups.map(
        (group) =>
          `${stepWords(group.step)}, ${counted(group.orders, 'order')} over ${money(view, group.total, group.currency)}: ${words.toLowerCase()} ${group.effect}.`,
      ),
      `Reason: ${reason}`,
    ],
    button: `${words} ${matched === 1 ? 'it' : `all ${matched}`}`,
    isFinal: action !== 'retry',
    path: `${path}/decide`,
    fields,
    back,
    more: html`<h2>${orders.length < matched ? `The first ${orders.length} of them` : 'These are'}</h2>
      ${table('Orders', ['Order', 'Step', 'Since', 'Last error'], orders, (one) => [
        html`<a href="/console/orders/${one.order_id}">${one.order_number}</a>`,
        html`${stepWords(one.step)}`,
        moment(one.parked_at, 'short'),
        html`${one.last_error ?? ''}`,
      ])}`,
  });
}

/** Progress is looked at this often while there is any. */
const POLL_MS = 2_000;

/** How far a decision on many orders has come, what became of each, and the address of the next page. */
export function resolutionPage(view: View, report: Report, next: string | undefined): Html {
  const { id, action, reason, actor, status, counts, data } = report;
  const all = counts.waiting + counts.decided + counts.unchanged + counts.failed;
  return layout(view, {
    title: `${stepWords(action)} many`,
    area: 'work',
    content: html`<div ${status === 'RUNNING' ? html`data-poll="${POLL_MS}"` : nothing}>
      <p class="muted">
        <a href="/console/queues/needs_attention">Needs attention</a> ·
        <a href="/console/resolutions">Decisions on many</a>
      </p>
      <h1>${decisionWords(report)}</h1>
      ${livePart(
        'resolution',
        html`<p>
            ${badge(status)} ${moment(report.created_at, 'short')}
            <span class="muted">${actorWords(actor)}: ${reason}</span>
          </p>
          <p>${filterWords(report.filter)}.</p>
          <p>
            <meter min="0" max="${Math.max(all, 1)}" value="${all - counts.waiting}" aria-label="Decided">
              ${all - counts.waiting}
            </meter>
            ${counts.decided} decided, ${counts.waiting} to come, ${counts.unchanged} went on by themselves,
            ${
              counts.failed === 0
                ? '0 failed'
                : html`<a href="/console/resolutions/${id}?state=FAILED">${counts.failed} failed</a>`
            }
          </p>
          ${table('Orders', ['Order', 'Step', 'Decision', 'Now', 'Detail'], data, (one) => [
            html`<a href="/console/orders/${one.order_id}">${one.order_number}</a>`,
            html`${stepWords(one.step)}`,
            badge(one.state, one.state === 'FAILED' ? 'bad' : one.state === 'DECIDED' ? 'good' : 'plain'),
            html`${badge(one.status)} ${badge(one.saga_state)}`,
            html`${one.detail ?? ''}`,
          ])}`,
      )}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}
    </div>`,
  });
}
