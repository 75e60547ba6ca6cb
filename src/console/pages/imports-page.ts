import type { Operations } from '../../client/client.ts';
import { doneWords } from '../../domain/import-columns.ts';
import { importStatuses } from '../../domain/import.ts';
import { importers } from '../../imports/find-visible-import.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, wordsOf } from '../ui/words.ts';
import { may, type View } from '../view.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

type Imports = Operations['listImports']['answer']['data'];

interface ImportList {
  readonly status: Imports[number]['status'] | undefined;
  /** Only those with orders that failed. */
  readonly failedOnly: boolean;
  /** Only those that nobody has acknowledged. */
  readonly openOnly: boolean;
  /** The address of the next page. */
  readonly next: string | undefined;
}

/** Progress is looked at this often while there is any. */
const POLL_MS = 5_000;

/** Imports, the newest first. */
export function importsPage(view: View, imports: Imports, { status, failedOnly, openOnly, next }: ImportList): Html {
  const isMoving = imports.some((job) => job.status === 'RUNNING');
  return layout(view, {
    title: 'Imports',
    area: 'imports',
    content: html`<div ${isMoving ? html`data-poll="${POLL_MS}"` : nothing}>
      <h1>Imports</h1>
      <p class="muted">Files and batches of orders that were sent to be placed or taken in, the newest first.</p>
      ${may(view, importers) ? html`<p><a class="button" href="/console/imports/new">Import a file …</a></p>` : nothing}
      <form class="row card" action="/console/imports">
        <label
          >Status
          <select name="status">
            <option value="">Any</option>
            ${each(
              importStatuses,
              (one) => html`<option value="${one}" ${one === status ? 'selected' : ''}>${wordsOf(one)}</option>`,
            )}
          </select></label
        >
        <label class="check"
          ><input type="checkbox" name="has_failed" value="true" ${failedOnly ? 'checked' : ''} /> With errors</label
        >
        <label class="check"
          ><input type="checkbox" name="acknowledged" value="false" ${openOnly ? 'checked' : ''} /> Not
          acknowledged</label
        >
        <button>Show</button>
      </form>
      ${livePart('imports', importsTable(imports))}
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}
    </div>`,
  });
}

function importsTable(imports: Imports): Html {
  const heads = ['File', 'Status', 'Progress', 'Done', 'Failed', 'Sent by', 'Sent'];
  return table(
    'Imports',
    heads,
    imports,
    (job) => [
      html`<a href="/console/imports/${job.id}">${job.file_name ?? (job.kind === 'batch' ? 'Batch' : 'File')}</a>
        <small>${job.recognised ?? job.kind}</small>`,
      badge(job.status),
      progressBar(job),
      html`${job.confirmed} <small>${doneWords[job.mode]}</small>`,
      job.failed === 0 ? html`0` : html`<span class="badge bad">${job.failed}</span>`,
      html`${actorWords(job.created_by)}`,
      moment(job.created_at, 'short'),
    ],
    { empty: 'There is no such import.' },
  );
}

/** How many of an import's orders are settled. */
export function progressBar({ total, pending }: Pick<Imports[number], 'total' | 'pending'>): Html {
  const settled = total - pending;
  return html`<meter min="0" max="${Math.max(total, 1)}" value="${settled}" aria-label="Settled">${settled}</meter>
    <small>${settled} of ${total}</small>`;
}
