import type { Operations } from '../../client/client.ts';
import { resolutionStatuses } from '../../domain/saga-resolution.ts';
import { textField } from '../actions/fields.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, counted, stepWords, wordsOf } from '../ui/words.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

type Resolutions = Operations['listSagaResolutions']['answer']['data'];
type Resolution = Resolutions[number];

interface ResolutionList {
  readonly status: Resolution['status'] | undefined;
  readonly actor: string;
  /** The address of the next page. */
  readonly next: string | undefined;
}

/** Progress is looked at this often while there is any. */
const POLL_MS = 5_000;

/** Decisions on many parked steps, the newest first, each with a link to its report. */
export function resolutionsPage(view: View, list: Resolutions, { status, actor, next }: ResolutionList): Html {
  const isAll = status === undefined && actor === '';
  const isMoving = list.some((one) => one.status === 'RUNNING');
  return layout(view, {
    title: 'Decisions on many',
    area: 'work',
    content: html`<div ${isMoving ? html`data-poll="${POLL_MS}"` : nothing}>
      <p class="muted"><a href="/console/queues/needs_attention">Needs attention</a></p>
      <h1>Decisions on many</h1>
      <p class="muted">What was decided on many parked steps at once, the newest first.</p>
      <form class="row card" action="/console/resolutions">
        <label
          >Status
          <select name="status">
            <option value="">Any</option>
            ${each(
              resolutionStatuses,
              (one) => html`<option value="${one}" ${one === status ? 'selected' : ''}>${wordsOf(one)}</option>`,
            )}
          </select></label
        >
        ${textField('actor', 'Who', { value: actor, example: 'ann', isRequired: false })}
        <button>Show</button>
      </form>
      ${livePart('resolutions', resolutionsTable(list, isAll))}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}
    </div>`,
  });
}

function resolutionsTable(list: Resolutions, isAll: boolean): Html {
  return table(
    'Decisions',
    ['Decision', 'Which', 'Status', 'What came of it', 'Who', 'Why', 'When'],
    list,
    (one) => [
      html`<a href="/console/resolutions/${one.id}">${decisionWords(one)}</a>`,
      filterWords(one.filter),
      badge(one.status),
      outcomeWords(one.counts),
      html`${actorWords(one.actor)}`,
      html`${one.reason}`,
      moment(one.created_at, 'short'),
    ],
    { empty: isAll ? 'None has been made yet.' : 'There is no such decision.' },
  );
}

/** `Retry of 40 parked steps`. */
export function decisionWords({ action, counts }: Pick<Resolution, 'action' | 'counts'>): string {
  const all = counts.waiting + counts.decided + counts.unchanged + counts.failed;
  return `${stepWords(action)} of ${counted(all, 'parked step')}`;
}

function outcomeWords({ decided, waiting, unchanged, failed }: Resolution['counts']): Html {
  const parts = [
    decided > 0 ? html`${decided} decided` : undefined,
    waiting > 0 ? html`${waiting} to come` : undefined,
    unchanged > 0 ? html`${unchanged} went on by themselves` : undefined,
    failed > 0 ? html`<span class="badge bad">${failed} failed</span>` : undefined,
  ].filter((part) => part !== undefined);
  return each(parts, (part, index) => (index === 0 ? part : html`, ${part}`));
}

/** Which parked steps a decision was about, in words. */
export function filterWords({ order_ids: chosen, step, error, before }: Resolution['filter']): Html {
  return html`${chosen ? counted(chosen.length, 'chosen order') : 'All that were parked'}${
    step === undefined ? nothing : ` in “${stepWords(step)}”`
  }${before === undefined ? nothing : html` before ${moment(before, 'short')}`}${
    error === undefined ? nothing : `, with “${error}” in the last error`
  }`;
}
