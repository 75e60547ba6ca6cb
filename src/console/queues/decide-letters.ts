import type { Context } from 'hono';
import { OrdersProblemError } from '../../client/client.ts';
import type { WorkQueue } from '../../domain/work-queue.ts';
import { FormError, type FormFields } from '../actions/form-fields.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { confirmPage } from '../pages/confirm-page.ts';
import { CHOSEN } from '../pages/table.ts';
import { tell } from '../require-session.ts';
import { showPage } from '../show-page.ts';
import { html } from '../ui/html.ts';
import { counted, stepWords } from '../ui/words.ts';
import { letterActions, type LetterAction, type LetterDesk } from './letter-desk.ts';
import { queueWords } from './queue-words.ts';

/** Shows what a decision does to the letters that were chosen; makes it once that was confirmed, and tells how many it reached. Throws `FormError`. */
export async function decideLetters(
  c: Context<ConsoleEnv>,
  desk: LetterDesk,
  { queue, path, fields }: { readonly queue: WorkQueue; readonly path: string; readonly fields: FormFields },
): Promise<Response> {
  const view = c.get('view');
  const action = fields.choice('action', 'What to do', letterActions);
  const reason = fields.reason();
  const ids = fields.endingsOf(CHOSEN);
  if (ids.length === 0) throw new FormError('Choose some of the list first.');
  const count = counted(ids.length, ...desk.nouns);
  if (fields.text('confirmed') === 'yes') {
    tell(c, await decideEach(view.client, desk, ids, { action, reason }));
    return c.redirect(path, 303);
  }
  const page = confirmPage(view, {
    area: 'work',
    about: html`${queueWords[queue].name}`,
    title: `${stepWords(action)} ${count}`,
    effects: [desk.effects[action], `Reason: ${reason}`],
    button: `${stepWords(action)} ${count}`,
    isFinal: action === 'skip',
    path: `${path}/decide`,
    fields: [...fields.without('confirmed'), ['confirmed', 'yes']],
    back: path,
  });
  return await showPage(c, page);
}

async function decideEach(
  client: Parameters<LetterDesk['decide']>[0],
  desk: LetterDesk,
  ids: readonly string[],
  { action, reason }: { readonly action: LetterAction; readonly reason: string },
) {
  let decided = 0;
  const refused: string[] = [];
  for (const id of ids) {
    try {
      // One at a time, so that a decision on many does not take the database from other requests.
      // oxlint-disable-next-line no-await-in-loop
      decided += await desk.decide(client, id, action, reason);
    } catch (error) {
      if (!(error instanceof OrdersProblemError)) throw error;
      refused.push(error.problem.detail);
    }
  }
  const late = ids.length - refused.length - decided;
  const done = action === 'retry' ? desk.retried : 'skipped';
  const text = [
    `${counted(decided, ...desk.nouns)} ${decided === 1 ? 'is' : 'are'} ${done}.`,
    late > 0 ? `${late} had been decided on already.` : '',
    refused.length > 0 ? `${refused.length} could not be: ${refused[0] ?? ''}` : '',
  ];
  return { text: text.filter((part) => part !== '').join(' '), isRefused: refused.length > 0 };
}
