import type { Operations } from '../../client/client.ts';
import { columnsChart, shareBar } from '../charts/columns-chart.ts';
import { html, type Html } from '../ui/html.ts';
import { formatSpan, moment } from '../ui/moment.ts';
import { counted, stepWords } from '../ui/words.ts';
import { table } from './table.ts';

type Hours = Operations['reportHours']['answer']['data'];

/** The last day, hour by hour and by step. */
export interface DayFigures {
  readonly hours: Hours;
  readonly steps: Operations['reportSteps']['answer']['data'];
}

/** The last day's orders, how long until they were confirmed, and which steps failed. */
export function dayCharts({ hours, steps }: DayFigures): Html {
  const orders = hours.reduce((sum, hour) => sum + hour.orders, 0);
  if (orders === 0) return html`<p class="empty">No order was placed.</p>`;
  return html`${ordersChart(hours, orders)} ${timesChart(hours)}
    <details class="content">
      <summary>The same as a table</summary>
      ${hoursTable(hours)}
    </details>
    <h3>Steps that did not succeed at once</h3>
    ${stepsTable(steps)}`;
}

function bounds(hours: Hours) {
  const [first, last] = [hours[0]?.hour ?? '', hours.at(-1)?.hour ?? ''];
  return { from: first, to: new Date(Date.parse(last) + 3_600_000).toISOString() };
}

function ordersChart(hours: Hours, all: number): Html {
  const most = Math.max(...hours.map((hour) => hour.orders));
  const failed = hours.map((hour) => hour.payment_failed);
  const cancelled = hours.map((hour) => hour.cancelled);
  // A confirmed order may be cancelled later.
  const others = hours.map((hour) => hour.orders - hour.payment_failed - hour.cancelled);
  return columnsChart({
    id: 'orders-chart',
    title: 'Orders an hour',
    summary: `${counted(all, 'order')} in ${hours.length} hours, ${most} in the busiest of them. The table below has every hour.`,
    series: [
      { name: 'going on or done', tone: 'good', values: others },
      { name: 'payment failed', tone: 'bad', values: failed },
      { name: 'cancelled', tone: 'plain', values: cancelled },
    ],
    isStacked: true,
    highest: `busiest hour: ${most}`,
    ...bounds(hours),
  });
}

function timesChart(hours: Hours): Html {
  const slowest = Math.max(...hours.map(({ p95 }) => p95 ?? 0));
  return columnsChart({
    id: 'times-chart',
    title: 'Time until confirmed',
    summary: `In the slowest hour 95 % were confirmed within ${formatSpan(slowest * 1_000)}. The table below has every hour.`,
    series: [
      { name: '95 % within', tone: 'plain', values: hours.map(({ p95 }) => p95 ?? 0) },
      { name: 'half within', tone: 'info', values: hours.map(({ p50 }) => p50 ?? 0) },
    ],
    isStacked: false,
    highest: `slowest hour: ${formatSpan(slowest * 1_000)}`,
    ...bounds(hours),
  });
}

function hoursTable(hours: Hours): Html {
  const heads = ['Hour from', 'Orders', 'Confirmed', 'Payment failed', 'Cancelled', 'Half within', '95 % within'];
  return table('Hours', heads, hours, (one) => [
    moment(one.hour, 'short'),
    html`${one.orders}`,
    html`${one.confirmed}`,
    html`${one.payment_failed}`,
    html`${one.cancelled}`,
    ...[one.p50, one.p95].map((seconds) => html`${seconds === null ? '' : formatSpan(seconds * 1_000)}`),
  ]);
}

function stepsTable(steps: DayFigures['steps']): Html {
  const most = Math.max(...steps.map(({ orders }) => orders), 1);
  const heads = ['Step', 'Orders', 'Share', 'Retried', 'Refused', 'Parked now', 'Skipped or resolved'];
  return table(
    'Steps',
    heads,
    steps,
    (one) => [
      html`${stepWords(one.step)}`,
      html`${one.orders}`,
      shareBar(one.orders / most, one.parked > 0 ? 'bad' : 'warn'),
      html`${one.retried}`,
      html`${one.refused}`,
      html`${one.parked}`,
      html`${one.decided}`,
    ],
    { empty: 'All succeeded.' },
  );
}
