import { OrdersProblemError } from '../../client/client.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';
import { stripControls } from './output.ts';

/** Finds events of other services that could not be applied, with what to do about them. */
export async function checkInbox({ client }: Cli): Promise<Finding> {
  const check = 'inbox';
  try {
    const { data, next_cursor: next } = await client.listInboxEvents({ state: 'DEAD', limit: 200 });
    const [oldest] = data;
    if (!oldest) return { check, state: 'ok', found: 'every event of other services is applied' };
    const found = `${data.length}${next === null ? '' : ' and more'} of other services could not be applied`;
    const todo = `${stripControls(oldest.reason ?? '')}\norders inbox list`.trim();
    return { check, state: 'warning', found, todo };
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return { check, state: 'ok', found: 'only operators see events of other services' };
  }
}
