import type { Operations } from '../../client/client.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, counted, stepWords } from '../ui/words.ts';
import { money, type View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

type Preview = Extract<Operations['resolveSagas']['answer'], { readonly dry_run: true }>;
type Request = Operations['resolveSagas']['request']['body'];
type Report = Operations['getSagaResolution']['answer'];

/** Which orders a decision reaches and what it does to them, and the button that makes it. */
export function resolvePreviewPage(
  view: View,
  { matched, groups, orders }: Preview,
  { action, reason }: Request,
  fields: readonly (readonly [string, string])[],
): Html {
  return layout(view, {
    title: `${stepWords(action)} many`,
    area: 'work',
    content: html`<section class="card confirm">
        <h1>${stepWords(action)} ${counted(matched, 'parked step')}?</h1>
        <p class="muted">Reason: ${reason}</p>
        <ul class="effects">
          ${each(
            groups,
            (group) =>
              html`<li>
                <b>${stepWords(group.step)}</b>, ${counted(group.orders, 'order')} over
                ${money(view, group.total, group.currency)}: ${stepWords(action).toLowerCase()} ${group.effect}.
              </li>`,
          )}
        </ul>
        ${
          matched === 0
            ? html`<p><a class="button" href="/console/queues/needs_attention">Back</a></p>`
            : html`<form method="post" action="/console/resolve" class="row">
                ${each(fields, ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
                <button class="${action === 'retry' ? 'primary' : 'danger'}">
                  ${stepWords(action)} all ${matched}
                </button>
                <a class="button" href="/console/queues/needs_attention">Don’t</a>
              </form>`
        }
      </section>
      <h2>${orders.length < matched ? `The first ${orders.length} of them` : 'Those are'}</h2>
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

/** How far a decision on many orders has come, and what became of each. */
export function resolutionPage(view: View, report: Report): Html {
  const { action, reason, actor, status, counts, data } = report;
  const all = counts.waiting + counts.decided + counts.unchanged + counts.failed;
  return layout(view, {
    title: `${stepWords(action)} many`,
    area: 'work',
    content: html`<div ${status === 'RUNNING' ? html`data-poll="${POLL_MS}"` : nothing}>
      <h1>${stepWords(action)} of ${counted(all, 'parked step')}</h1>
      ${livePart(
        'resolution',
        html`<p>${badge(status)} <span class="muted">${actorWords(actor)}: ${reason}</span></p>
          <p>
            <meter min="0" max="${Math.max(all, 1)}" value="${all - counts.waiting}" aria-label="Decided">
              ${all - counts.waiting}
            </meter>
            ${counts.decided} decided, ${counts.waiting} to come, ${counts.unchanged} went on by themselves,
            ${counts.failed} failed
          </p>
          ${table('Orders', ['Order', 'Step', 'Decision', 'Now', 'Detail'], data, (one) => [
            html`<a href="/console/orders/${one.order_id}">${one.order_number}</a>`,
            html`${stepWords(one.step)}`,
            badge(one.state, one.state === 'FAILED' ? 'bad' : one.state === 'DECIDED' ? 'good' : 'plain'),
            html`${badge(one.status)} ${badge(one.saga_state)}`,
            html`${one.detail ?? ''}`,
          ])}`,
      )}
    </div>`,
  });
}
