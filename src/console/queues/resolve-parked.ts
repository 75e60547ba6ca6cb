import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Operations } from '../../client/client.ts';
import { resolutions } from '../../domain/messages.ts';
import { FormError, type FormFields } from '../actions/form-fields.ts';
import { under } from '../actions/order-action.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { resolvePreviewPage } from '../pages/resolve-page.ts';
import { CHOSEN } from '../pages/table.ts';
import { showPage } from '../show-page.ts';

type Resolution = Operations['resolveSagas']['request']['body'];

/** Shows what a decision would do to which parked steps; makes it once that was confirmed. Throws `FormError`, and what the API refuses with. */
export async function resolveParked(c: Context<ConsoleEnv>, path: string, fields: FormFields): Promise<Response> {
  const view = c.get('view');
  const body = readResolution(fields);
  if (fields.text('confirmed') === 'yes') {
    const begun = await view.client.resolveSagas({ body, ...under(fields.text('key')) });
    if ('id' in begun) return c.redirect(`/console/resolutions/${begun.id}`, 303);
  }
  const preview = await view.client.resolveSagas({ body: { ...body, dry_run: true } });
  if (!('dry_run' in preview)) throw new FormError('Nothing was previewed. Try again.');
  const own = [
    ['before', body.filter.before ?? ''],
    ['key', randomUUID()],
    ['confirmed', 'yes'],
  ] as const;
  const again = [...fields.without('before', 'key', 'confirmed'), ...own];
  return await showPage(c, resolvePreviewPage(view, preview, { body, path, fields: again }));
}

/** Either the orders that were chosen, or all that are parked now, whose last error contains a text if one was given. */
function readResolution(fields: FormFields): Resolution {
  const action = fields.choice('action', 'What to do', resolutions);
  const reason = fields.reason();
  if (fields.choice('which', 'Which', ['chosen', 'all']) === 'chosen') {
    const chosen = fields.endingsOf(CHOSEN);
    if (chosen.length === 0) throw new FormError('Tick some orders first, or choose “All that are parked”.');
    if (fields.text('error') !== '') throw new FormError('A text of the error goes with “All that are parked” only.');
    return { filter: { order_ids: chosen }, action, reason };
  }
  const error = fields.text('error');
  // What is parked while somebody reads the preview is not part of it.
  const before = fields.text('before') || new Date().toISOString();
  return { filter: { before, ...(error !== '' && { error }) }, action, reason };
}
