import type { Operations } from '../../client/client.ts';
import { resolutions } from '../../domain/messages.ts';
import type { WorkQueue } from '../../domain/work-queue.ts';
import { choiceField, reasonField, textField } from '../actions/fields.ts';
import { isSome } from '../actions/order-facts.ts';
import { livePart } from '../order/refresh.ts';
import { letterActions, type Letter, type LetterDesk } from '../queues/letter-desk.ts';
import { queueWords } from '../queues/queue-words.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { stepWords } from '../ui/words.ts';
import { may, money, type View } from '../view.ts';
import { layout, toldNotice } from './layout.ts';
import { table } from './table.ts';

type Waiting = Operations['listWaitingOrders']['answer']['data'];

/** A list is looked at again this often; one in which somebody chooses is left alone. */
const POLL_MS = 10_000;

/** What is said of a queue in which nothing stands. */
const EMPTY = 'Nothing waits here.';

/** What a refusal is about that stands beside the fields of a decision. */
export const DECIDE = 'decide';

interface QueuePage {
  /** The address of the next page. */
  readonly next?: string | undefined;
  /** Whether there may be more than are listed, which no page has. */
  readonly isCut?: boolean;
  /** Whether the list says what was refused. */
  readonly isToldInside?: boolean;
  /** What else belongs to it. */
  readonly seeAlso?: Html;
}

/** A queue with its list. */
export function queuePage(
  view: View,
  queue: WorkQueue,
  list: Html,
  { next, isCut = false, isToldInside = false, seeAlso = nothing }: QueuePage = {},
): Html {
  const { name, about } = queueWords[queue];
  return layout(view, {
    title: name,
    area: 'work',
    isToldInside,
    content: html`<h1>${name}</h1>
      <p class="muted">${about} ${seeAlso}</p>
      <div data-poll="${POLL_MS}">${livePart('queue', list)}</div>
      ${isCut ? html`<p class="muted">These come first. The others are listed as these are seen to.</p>` : nothing}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}`,
  });
}

/** Orders whose saga waits for an operator, of which some or all are decided on at once. */
export function waitingPage(view: View, queue: WorkQueue, waiting: Waiting, next?: string): Html {
  const list = html`<form method="post" action="/console/queues/${queue.toLowerCase()}/decide">
    ${waiting.length === 0 ? nothing : resolveFields(view)} ${waitingList(waiting, { isChoosable: true })}
  </form>`;
  return queuePage(view, queue, list, {
    next,
    isToldInside: waiting.length > 0 && isRefused(view),
    seeAlso: html`<a href="/console/resolutions">What was decided on many at once</a>`,
  });
}

function isRefused({ told }: View): boolean {
  return told?.about === DECIDE;
}

function refusal(view: View): Html {
  return view.told && isRefused(view) ? toldNotice(view.told) : nothing;
}

function resolveFields(view: View): Html {
  return html`<fieldset class="card decide">
    <legend>Decide many at once</legend>
    ${refusal(view)}
    <div class="choices">
      <label><input type="radio" name="which" value="chosen" checked /> <span>The ticked orders</span></label>
      <label><input type="radio" name="which" value="all" /> <span>All that are parked</span></label>
    </div>
    ${textField('error', 'Of all, only those whose last error contains', { isRequired: false })}
    ${choiceField(
      'action',
      'What to do',
      resolutions.map((action) => [action, stepWords(action)]),
    )}
    ${reasonField()}
    <button class="primary">Preview …</button>
  </fieldset>`;
}

/** Messages or events, of which the chosen ones are sent again or dropped. */
export function lettersPage(
  view: View,
  queue: WorkQueue,
  desk: LetterDesk,
  { letters, isCut }: { readonly letters: readonly Letter[]; readonly isCut: boolean },
): Html {
  const list = html`<form method="post" action="/console/queues/${queue.toLowerCase()}/decide">
    ${letters.length === 0 ? nothing : letterFields(view, desk)}
    ${table(queueWords[queue].name, desk.heads, letters, ({ cells }) => cells, {
      choice: ({ id, label }) => ({ value: id, label }),
      empty: EMPTY,
    })}
  </form>`;
  return queuePage(view, queue, list, { isCut, isToldInside: letters.length > 0 && isRefused(view) });
}

function letterFields(view: View, { nouns: [, many], effects }: LetterDesk): Html {
  return html`<fieldset class="card decide">
    <legend>Decide on the ticked ${many}</legend>
    ${refusal(view)}
    <div class="choices">
      ${each(
        letterActions,
        (action, index) =>
          html`<label
            ><input type="radio" name="action" value="${action}" required ${index === 0 ? 'checked' : ''} />
            <span><b>${stepWords(action)}</b> ${effects[action]}</span></label
          >`,
      )}
    </div>
    ${reasonField()}
    <button class="primary">Preview …</button>
  </fieldset>`;
}

/** Orders that wait for something other than their customer. */
export function waitingList(waiting: Waiting, { isChoosable = false }: { isChoosable?: boolean } = {}): Html {
  return table(
    'Orders that wait',
    ['Order', 'Waits for', 'Step', 'Since', 'Last error'],
    waiting,
    (one) => [
      html`<a href="/console/orders/${one.order_id}">${one.order_number}</a> ${badge(one.status)}`,
      html`${badge(one.cause)}${one.is_stuck && one.cause !== 'NEEDS_ATTENTION' ? html` <span class="badge bad">Stuck</span>` : ''}`,
      html`${one.step === null ? '' : stepWords(one.step)}${one.attempts > 1 ? html` <small>${one.attempts} attempts</small>` : ''}`,
      moment(one.since, 'short'),
      html`${one.last_error ?? ''}`,
    ],
    {
      empty: EMPTY,
      // What waits in no step, such as a disputed order, takes no decision on one.
      ...(isChoosable && {
        choice: (one) => (one.step === null ? undefined : { value: one.order_id, label: one.order_number }),
      }),
    },
  );
}

/** Orders of a queue, the most urgent first. */
export function queuedList(view: View, orders: Operations['listQueue']['answer']['data']): Html {
  return table(
    'Orders',
    ['Order', 'Customer', 'Total', 'Since', 'Until', 'Why'],
    orders,
    (one) => [
      html`<a href="/console/orders/${one.order_id}">${one.order_number}</a> ${badge(one.status)}`,
      html`${one.customer_name ?? ''}`,
      html`${money(view, one.total, one.currency)}${
        isSome(one.refund_due) ? html` <small>${money(view, one.refund_due, one.currency)} to give back</small>` : ''
      }`,
      moment(one.since, 'short'),
      one.until === null ? html`` : moment(one.until, 'short'),
      html`${one.detail ?? ''}`,
    ],
    { empty: EMPTY },
  );
}

/** Queues that only operators and admins look after. */
const ofOperators: readonly WorkQueue[] = ['DEAD_LETTER', 'UNAPPLIED_EVENT', 'IMPORT_FAILED'];

/** How long each queue is, each a link to it. */
export function queueTiles(view: View, counts: Operations['listQueues']['answer']['data']): Html {
  const shown = counts.filter(({ queue }) => !ofOperators.includes(queue) || may(view, ['operator', 'admin']));
  return html`<ul class="tiles">
    ${each(shown, ({ queue, count }) => {
      const { name, tone } = queueWords[queue];
      return html`<li>
        <a class="${count > 0 ? `some ${tone}` : 'none'}" href="/console/queues/${queue.toLowerCase()}"
          ><strong>${count >= 1_000 ? '1000+' : count}</strong> ${name}</a
        >
      </li>`;
    })}
  </ul>`;
}
