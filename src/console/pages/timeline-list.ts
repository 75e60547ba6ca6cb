import type { EntryKind, TimelineEntry } from '../order/timeline-entry.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';

const kinds: readonly (readonly [EntryKind, string])[] = [
  ['status', 'Status'],
  ['step', 'Saga'],
  ['money', 'Money'],
  ['goods', 'Goods'],
  ['message', 'Messages'],
  ['decision', 'Decisions'],
  ['note', 'Notes'],
];

/** The timeline, the latest first, with a filter that works without scripts. */
export function timelineList(entries: readonly TimelineEntry[]): Html {
  const shown = kinds.filter(([kind]) => entries.some((entry) => entry.kind === kind));
  return html`<section class="card timeline" aria-label="Timeline">
    <h2>Timeline</h2>
    <fieldset class="filter">
      <legend>Show</legend>
      ${each(
        shown,
        ([kind, name]) =>
          html`<label><input type="checkbox" class="show-${kind}" data-keep="show-${kind}" checked /> ${name}</label>`,
      )}
    </fieldset>
    <ol>
      ${each(entries, entryLine)}
    </ol>
  </section>`;
}

function entryLine({ at, kind, tone, title, details, actor }: TimelineEntry): Html {
  return html`<li class="${kind} ${tone}">
    <div class="when">${moment(at, 'short')}</div>
    <div>
      <p class="title">${title}${actor === undefined ? nothing : html` <span class="muted">${actor}</span>`}</p>
      ${each(details, (detail) => html`<p class="detail">${detail}</p>`)}
    </div>
  </li>`;
}
