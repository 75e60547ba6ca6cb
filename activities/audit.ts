import type { DirectCommandRecord } from '../src/domain/direct-command.ts';
import { recordDirectCommand } from '../src/repositories/audit-log.ts';
import { throwActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** The record of what people do to workflows directly, past the API. */
export function auditActivities({ db }: ActivityDependencies) {
  return {
    /** Puts a command on record that did not come through the API. Key: the order with the command's name and id. */
    auditCommand: async (record: DirectCommandRecord): Promise<void> => {
      await recordDirectCommand(db, record).catch(throwActivityFailure);
    },
  };
}
