import type { Operations } from '../../client/client.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { formatSpan, moment } from '../ui/moment.ts';
import { counted, wordsOf } from '../ui/words.ts';
import type { View } from '../view.ts';
import { dayCharts, type DayFigures } from './day-charts.ts';
import { layout } from './layout.ts';
import { waitingList } from './queue-page.ts';
import { table } from './table.ts';

/** What the page shows beside the last day. */
export interface Figures extends DayFigures {
  readonly times: Operations['reportProcessingTimes']['answer']['data'];
  /** What Temporal says of the workers; undefined while it is away. */
  readonly workers: Operations['listWorkers']['answer'] | undefined;
  readonly sinks: Operations['listEventSinks']['answer']['data'];
  /** Only admins see them. */
  readonly endpoints: Operations['listWebhookEndpoints']['answer']['data'] | undefined;
  readonly queues: Operations['listQueues']['answer']['data'];
  readonly stuck: Operations['listWaitingOrders']['answer']['data'];
  readonly reports: Operations['listReconciliations']['answer']['data'];
}

/** A minute old is young enough for figures of a day. */
const POLL_MS = 60_000;

/** How the system does: the last day's orders, who works on them, what leaves it and what comes in. */
export function operationsPage(view: View, figures: Figures): Html {
  return layout(view, {
    title: 'Operations',
    area: 'operations',
    content: html`<div data-poll="${POLL_MS}">
      <h1>Operations</h1>
      ${livePart('day', dayPart(figures))} ${livePart('workers', workersPart(figures))}
      ${livePart('events', eventsPart(figures))} ${livePart('findings', findingsPart(figures))}
    </div>`,
  });
}

function dayPart(figures: Figures): Html {
  return html`<section class="card" aria-label="The last day">
    <h2>The last 24 hours</h2>
    ${dayCharts(figures)}
    <h3>How long orders took</h3>
    ${table('Times', ['Until', 'Orders', 'Half within', '95 % within', '99 % within'], figures.times, (one) => [
      html`${wordsOf(one.milestone)}`,
      html`${one.orders}`,
      ...[one.p50, one.p95, one.p99].map((seconds) => html`${seconds === null ? '' : formatSpan(seconds * 1_000)}`),
    ])}
  </section>`;
}

function workersPart({ workers }: Figures): Html {
  return html`<section class="card" aria-label="Workers">
    <h2>Workers</h2>
    ${
      workers === undefined
        ? html`<p class="notice bad">Temporal does not answer: orders are accepted, and wait.</p>`
        : html`<p>
              ${workers.data.length === 0 ? html`<b>No worker runs</b>: orders are accepted, and wait. ` : nothing}
              ${counted(workers.orders_to_start, 'order waits', 'orders wait')} to be started,
              ${counted(workers.backlog_tasks, 'task waits', 'tasks wait')} for a
              worker${workers.backlog_tasks === 0 ? '' : `, the oldest for ${formatSpan(workers.backlog_oldest_seconds * 1_000)}`}.
              ${versionWords(workers)}
            </p>
            ${table(
              'Workers table',
              ['Worker', 'Version', 'Takes', 'Last asked for tasks'],
              workers.data,
              (one) => [
                html`${one.identity}`,
                html`${one.build_id ?? 'none'}${
                  one.build_id !== null && one.build_id === workers.current_build_id
                    ? html` ${badge('CURRENT', 'good')}`
                    : ''
                }`,
                html`${one.takes.join(', ')}`,
                moment(one.last_asked_at, 'short'),
              ],
              { empty: '' },
            )}`
    }
  </section>`;
}

function versionWords({
  current_build_id: current,
  ramping_build_id: ramping,
  ramping_percent: percent,
}: Operations['listWorkers']['answer']): string {
  if (current === null && ramping === null) return '';
  const starts = current === null ? 'New orders start on workers without a version' : `New orders start on ${current}`;
  return ramping === null ? `${starts}.` : `${starts}, ${percent} % of them on ${ramping}.`;
}

function eventsPart({ sinks, queues, endpoints }: Figures): Html {
  const countOf = (name: string) => queues.find(({ queue }) => queue === name)?.count ?? 0;
  return html`<section class="card" aria-label="Events and messages">
    <h2>Events and messages</h2>
    <p>
      <a href="/console/queues/dead_letter">${counted(countOf('DEAD_LETTER'), 'dead letter')}</a> ·
      <a href="/console/queues/unapplied_event"
        >${counted(countOf('UNAPPLIED_EVENT'), 'event')} of other services not applied</a
      >
      · <a href="/console/queues/message_failed">${counted(countOf('MESSAGE_FAILED'), 'message')} not sent</a>
    </p>
    ${table(
      'Receivers of events',
      ['Receiver', 'Still to get', 'Oldest', 'Dead letters', 'Last error'],
      sinks,
      (one) => [
        html`${one.name} ${one.failing_since === null ? '' : badge('FAILING', 'bad')}`,
        html`${one.unpublished}`,
        html`${one.unpublished === 0 ? '' : formatSpan(one.oldest_seconds * 1_000)}`,
        one.dead_letters === 0 ? html`0` : html`<a href="/console/queues/dead_letter">${one.dead_letters}</a>`,
        html`${one.last_error ?? ''}`,
      ],
      { empty: 'No receiver of events is set up.' },
    )}
    ${endpoints === undefined ? nothing : endpointsTable(endpoints)}
  </section>`;
}

function endpointsTable(endpoints: NonNullable<Figures['endpoints']>): Html {
  return html`<h3>Webhook endpoints</h3>
    ${table(
      'Webhook endpoints',
      ['Address', 'Gets', 'State', 'Since', 'Last error'],
      endpoints,
      ({ failing_since: failing, disabled_at: disabled, ...one }) => [
        html`${one.url} <small>${one.description ?? ''} webhook:${one.id}</small>`,
        html`${one.event_types.join(', ')}`,
        html`${badge(one.state)}${one.disabled_reason === null ? '' : html` <small>${wordsOf(one.disabled_reason)}</small>`}`,
        disabled === null && failing === null ? html`` : moment(disabled ?? failing ?? '', 'short'),
        html`${one.last_error ?? ''}`,
      ],
      { empty: 'None is set up.' },
    )}`;
}

function findingsPart({ stuck, reports }: Figures): Html {
  return html`<section class="card" aria-label="What the reconciler found">
    <h2>What the reconciler found</h2>
    <h3>Orders that are stuck</h3>
    ${stuck.length === 0 ? html`<p class="empty">None.</p>` : waitingList(stuck)}
    <p>
      <a href="/console/queues/stuck">All that are stuck</a> ·
      <a href="/console/resolutions">What was decided on many at once</a>
    </p>
    <h3>Comparisons with the payment service</h3>
    ${table(
      'Comparisons',
      ['From', 'To', 'State', 'Payments', 'Orders', 'Problem'],
      reports,
      (one) => [
        html`<a href="/console/reconciliations/${one.id}">${moment(one.from, 'short')}</a>`,
        moment(one.to, 'short'),
        badge(one.state),
        html`${one.payments}`,
        html`${one.orders}`,
        html`${one.problem ?? ''}`,
      ],
      { empty: 'None has been made yet: PAYMENT_RECONCILE_AT sets when they are.' },
    )}
  </section>`;
}
