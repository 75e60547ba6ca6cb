import type { CommandName } from '../src/domain/messages.ts';

/** Taking commands. */
export function acceptanceActivities() {
  return {
    /**
     * Does nothing but run: a workflow that has scheduled it has completed its task, and with it what the task accepted is in the
     * history. Key: none needed.
     */
    acceptCommand: (_command: { readonly name: CommandName }): Promise<void> => Promise.resolve(),
  };
}
