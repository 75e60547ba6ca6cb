import { checkFailed } from './check-failed.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';

/** Finds events of other services that could not be applied, with what to do about them. */
export function checkInbox({ client }: Cli): Promise<Finding> {
  const told = {
    check: 'inbox',
    none: 'every event of other services is applied',
    some: 'of other services could not be applied',
    hidden: 'only operators see events of other services',
    command: 'orders inbox list',
  };
  return checkFailed(told, async () => {
    const { data, next_cursor: next } = await client.listInboxEvents({ state: 'DEAD', limit: 200 });
    return { reasons: data.map(({ reason }) => reason), isLast: next === null };
  });
}
