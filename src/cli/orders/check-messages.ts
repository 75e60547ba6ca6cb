import { OrdersProblemError } from '../../client/client.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';
import { stripControls } from './output.ts';

/** Finds messages to customers that could not be sent, with what to do about them. */
export async function checkMessages({ client }: Cli): Promise<Finding> {
  const check = 'messages';
  try {
    const { data, next_cursor: next } = await client.listNotifications({ state: 'FAILED', limit: 200 });
    const [oldest] = data;
    if (!oldest) return { check, state: 'ok', found: 'none to customers failed' };
    const found = `${data.length}${next === null ? '' : ' and more'} to customers failed`;
    const todo = `${stripControls(oldest.last_error ?? '')}\norders messages list`.trim();
    return { check, state: 'warning', found, todo };
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return { check, state: 'ok', found: 'only staff see messages to customers' };
  }
}
