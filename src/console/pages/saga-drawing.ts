import type { NodeState, SagaColumn, SagaNode, SagaPicture } from '../order/saga-picture.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { sagaWords, stepWords } from '../ui/words.ts';

/** A mark for each state, so that colours are not needed to tell them apart, and its words. */
const marks: Readonly<Record<NodeState, readonly [mark: string, words: string]>> = {
  waiting: ['·', 'not begun'],
  running: ['…', 'running'],
  retrying: ['↻', 'being retried'],
  done: ['✓', 'done'],
  refused: ['✕', 'refused'],
  parked: ['!', 'waits for a decision'],
  skipped: ['–', 'skipped'],
  interrupted: ['■', 'interrupted'],
};

/** The steps of a saga from left to right, each compensation under its step. */
export function sagaDrawing({ saga, columns }: SagaPicture): Html {
  return html`<div class="saga">
    <h3>${stepWords(sagaWords(saga))}</h3>
    <ol>
      ${each(columns, column)}
    </ol>
  </div>`;
}

function column(step: SagaColumn): Html {
  const { compensation } = step;
  return html`<li>${node(step, '')} ${compensation ? node({ ...compensation }, 'undo') : nothing}</li>`;
}

function node({ step, state, attempts, error }: SagaNode, kind: '' | 'undo'): Html {
  const [mark, words] = marks[state];
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  return html`<div class="node ${state} ${kind}" title="${error ?? ''}">
    <span class="mark" aria-hidden="true">${kind === 'undo' && state === 'done' ? '↩' : mark}</span>
    <span>${stepWords(step)}<small>${words}${tries}</small></span>
  </div>`;
}
