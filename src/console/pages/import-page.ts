import type { Operations } from '../../client/client.ts';
import { doneWords } from '../../domain/import-columns.ts';
import { reasonField } from '../actions/fields.ts';
import { importCommands } from '../imports/import-commands.ts';
import type { ImportFault } from '../imports/read-faults.ts';
import { importers } from '../../imports/find-visible-import.ts';
import { livePart } from '../order/refresh.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords, counted } from '../ui/words.ts';
import { may, type View } from '../view.ts';
import { readingTable, readingWords } from './import-reading.ts';
import { progressBar } from './imports-page.ts';
import { layout } from './layout.ts';
import { table } from './table.ts';

type Import = Operations['getImport']['answer'];

/** Progress is looked at this often while there is any. */
const POLL_MS = 2_000;

/** How far an import has come, how its file was read, and what failed. */
export function importPage(view: View, job: Import, faults: readonly ImportFault[] | undefined): Html {
  const name = job.file_name ?? (job.kind === 'batch' ? 'Batch' : 'File');
  return layout(view, {
    title: name,
    area: 'imports',
    content: html`<div ${job.status === 'RUNNING' ? html`data-poll="${POLL_MS}"` : nothing}>
      <p class="muted"><a href="/console/imports">Imports</a></p>
      <h1 class="long">${name}</h1>
      ${livePart('progress', progressPart(job))}
      <div class="columns">
        <div class="wide">${livePart('faults', faultsPart(view, job, faults))} ${readingPart(job)}</div>
        <aside class="narrow">${livePart('actions', commandsPart(job))}</aside>
      </div>
    </div>`,
  });
}

function progressPart(job: Import): Html {
  const counts = [
    ['still to come', job.pending],
    [doneWords[job.mode], job.confirmed],
    ['failed', job.failed],
    ['on record already', job.repeated],
    ['not placed', job.cancelled],
  ] as const;
  return html`<section class="card" aria-label="Progress">
    <p>
      ${badge(job.status)}
      <span class="muted"
        >Sent by ${actorWords(job.created_by)},
        ${moment(job.created_at)}${job.completed_at === null ? '' : html`; settled ${moment(job.completed_at)}`}${job.acknowledged_at === null ? '' : html`; acknowledged by ${actorWords(job.acknowledged_by ?? '')}, ${moment(job.acknowledged_at)}`}</span
      >
    </p>
    <p>${progressBar(job)}</p>
    <p>
      ${counted(job.rows, 'row')}, ${counted(job.total, 'order')}:
      ${counts
        .filter(([, count], index) => count > 0 || index === 1)
        .map(([words, count]) => `${count} ${words}`)
        .join(', ')}.
    </p>
    ${job.placed === 0 ? nothing : html`<p><a class="button" href="/console/orders?batch_id=${job.id}">Its orders</a></p>`}
  </section>`;
}

function faultsPart(view: View, { id, error_count: count }: Import, faults: readonly ImportFault[] | undefined): Html {
  if (count === 0)
    return html`<section class="card">
      <h2>Errors</h2>
      <p class="empty">No row has failed.</p>
    </section>`;
  return html`<section class="card" aria-label="Errors">
    <h2>Errors</h2>
    ${
      faults === undefined
        ? html`<p>${counted(count, 'row')} had failed. What stood in them is no longer kept.</p>`
        : html`<p>
              ${counted(count, 'row')} of orders that failed or were not placed. Correct them in the errors file and
              ${may(view, importers) ? html`<a href="/console/imports/new">import it</a>` : html`have it imported`}; its
              columns of errors may stay.
              <a class="button" href="/console/imports/${id}/errors.csv" download>Errors file</a>
            </p>
            ${faults.length < count ? html`<h3>The first ${faults.length}</h3>` : nothing}
            ${table('Rows that failed', ['Line', 'Why', 'Order', 'Row'], faults, (one) => [
              html`${one.line}`,
              html`${one.message} <small>${one.code}</small>`,
              one.orderId === '' ? html`` : html`<a href="/console/orders/${one.orderId}">Order</a>`,
              rowBox(one),
            ])}`
    }
  </section>`;
}

function rowBox({ cells }: ImportFault): Html {
  return html`<details class="content">
    <summary>Row</summary>
    <dl>
      ${each(
        cells.filter(([, value]) => value !== ''),
        ([header, value]) =>
          html`<div>
            <dt>${header}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}

function readingPart(job: Import): Html {
  if (job.kind === 'batch') return nothing;
  return html`<section class="card" aria-label="How the file was read">
    <h2>How the file was read</h2>
    <p>
      ${readingWords(job)}
      ${job.mode === 'history' ? 'Its orders were taken in as they stood in another system.' : 'Its orders were placed.'}
    </p>
    ${readingTable(job)}
  </section>`;
}

function commandsPart(job: Import): Html {
  const offered = importCommands.filter((command) => command.isOffered(job));
  if (offered.length === 0) return nothing;
  return html`<section class="card actions" aria-label="Actions">
    <h2>What you can do</h2>
    ${each(
      offered,
      ({ name, title }) =>
        html`<details name="action">
          <summary>${title}</summary>
          <form method="post" action="/console/imports/${job.id}/${name}">
            ${reasonField()}
            <button>Preview …</button>
          </form>
        </details>`,
    )}
  </section>`;
}
