import { checkFailed } from './check-failed.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';

/** Finds messages to customers that could not be sent, with what to do about them. */
export function checkMessages({ client }: Cli): Promise<Finding> {
  const told = {
    check: 'messages',
    none: 'none to customers failed',
    some: 'to customers failed',
    hidden: 'only staff see messages to customers',
    command: 'orders messages list',
  };
  return checkFailed(told, async () => {
    const { data, next_cursor: next } = await client.listNotifications({ state: 'FAILED', limit: 200 });
    return { reasons: data.map(({ last_error: reason }) => reason), isLast: next === null };
  });
}
