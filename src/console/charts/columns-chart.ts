import { each, html, type Html } from '../ui/html.ts';

/** One of what a column is made of. */
export interface Series {
  readonly name: string;
  /** Its colour, as the style sheet names it. */
  readonly tone: 'good' | 'bad' | 'warn' | 'info' | 'plain';
  readonly values: readonly number[];
}

interface Chart {
  readonly id: string;
  readonly title: string;
  /** What it shows, for those who don't see it. */
  readonly summary: string;
  readonly series: readonly Series[];
  /** Whether the parts of a column stand on each other, or each on the ground before the one behind. */
  readonly isStacked: boolean;
  /** What the highest column comes to, in words. */
  readonly highest: string;
  /** From when to when. */
  readonly from: string;
  readonly to: string;
}

/** The drawing's own units; it is stretched to the room that there is. */
const WIDTH = 1_000;
const HEIGHT = 100;

/** Columns side by side, drawn on the server. The exact values belong into a table beside it. */
export function columnsChart({ id, title, summary, series, isStacked, highest, from, to }: Chart): Html {
  const columns = Math.max(...series.map(({ values }) => values.length), 1);
  const sums = Array.from({ length: columns }, (_, index) => {
    const values = series.map((one) => one.values[index] ?? 0);
    return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  });
  const scale = HEIGHT / Math.max(...sums, Number.MIN_VALUE);
  return html`<figure class="chart">
    <figcaption>
      <b>${title}</b>
      ${each(series, ({ name, tone }) => html`<span class="key ${tone}">${name}</span>`)}
      <span class="muted">${highest}</span>
    </figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-labelledby="${id}-title ${id}-summary"
    >
      <title id="${id}-title">${title}</title>
      <desc id="${id}-summary">${summary}</desc>
      ${each(sums, (_, index) => column(series, { index, columns, scale, isStacked }))}
    </svg>
    <p class="axis" aria-hidden="true"><span>${time(from)}</span><span>${time(to)}</span></p>
  </figure>`;
}

function column(
  series: readonly Series[],
  {
    index,
    columns,
    scale,
    isStacked,
  }: { readonly index: number; readonly columns: number; readonly scale: number; readonly isStacked: boolean },
): Html {
  const room = WIDTH / columns;
  let ground = HEIGHT;
  return each(series, ({ tone, values }) => {
    const height = (values[index] ?? 0) * scale;
    if (height === 0) return html``;
    const y = ground - height;
    if (isStacked) ground = y;
    return html`<rect
      class="${tone}"
      x="${(index * room + room * 0.1).toFixed(1)}"
      y="${y.toFixed(2)}"
      width="${(room * 0.8).toFixed(1)}"
      height="${height.toFixed(2)}"
    />`;
  });
}

function time(at: string): Html {
  return html`<time datetime="${at}" data-form="hour">${at.slice(11, 16)} UTC</time>`;
}

/** A bar in a line of a table, as long as its share. */
export function shareBar(share: number, tone: Series['tone']): Html {
  const width = (Math.min(1, Math.max(0, share)) * 100).toFixed(1);
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="${tone}" x="0" y="0" width="${width}" height="10" />
  </svg>`;
}
