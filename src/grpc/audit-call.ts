import type { Caller } from '../domain/caller.ts';
import { holdsCardNumber } from '../domain/card-number.ts';
import type { Logger } from '../logger.ts';
import { reason as reasonSchema } from '../orders/text-schemas.ts';
import { beginAudit, completeAudit, type AuditedRequest } from '../repositories/audit-log.ts';
import { recordReadInBatch } from '../repositories/audit-reads.ts';
import type { Db } from '../repositories/schema.ts';
import type { Call } from './call.ts';
import type { PlainRequest } from './read-message.ts';

/** A call that is recorded. */
export interface AuditedCall {
  readonly call: Call;
  readonly caller: Caller;
  readonly operation: string;
  readonly request: PlainRequest;
}

/** Records calls in the audit log. What can't be recorded is not done, or not answered: then these reject. */
export interface Auditor {
  /** Records an action before it runs; answers how to record its outcome, by the status that HTTP would have and the order that it placed. */
  readonly begin: (audited: AuditedCall) => Promise<(status: number, orderId: string | undefined) => Promise<void>>;
  /** Records a read before it is answered. */
  readonly recordRead: (audited: AuditedCall) => Promise<void>;
}

/** An auditor of the calls of a process. */
export function createAuditor(db: Db, logger: Logger): Auditor {
  return {
    begin: async (audited) => {
      const { requestId } = audited.call;
      const reason = reasonSchema.safeParse(audited.request['reason']).data ?? null;
      const id = await beginAudit(db, { ...describe(audited), reason });
      return async (status, orderId) => {
        try {
          await completeAudit(db, id, status, orderId);
        } catch (error) {
          // The action has been done: failing to record its outcome must not fail the answer.
          const about = { request_id: requestId, audit_id: id };
          logger.error({ ...about, err: error }, 'outcome of an audited action not written');
        }
      };
    },
    recordRead: (audited) => {
      const read = { ...describe(audited), path: withFilters(audited), importId: undefined, status: 200 };
      return recordReadInBatch(db, read);
    },
  };
}

function describe({ call, caller, operation }: AuditedCall): AuditedRequest {
  const { subject, roles } = caller;
  return { subject, roles, operation, order: call.order, path: call.path, requestId: call.requestId };
}

/** Longer than any filters of a list. */
const MAX_PATH = 2_000;

/** What was read, as the address of the same request by HTTP says it: a list with its filters. What holds a card number is kept nowhere. */
function withFilters({ call, request }: AuditedCall): string {
  if (call.order !== undefined) return call.path;
  const filters = Object.entries(request).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  if (filters.length === 0 || filters.some(([, value]) => holdsCardNumber(value))) return call.path;
  return `${call.path}?${new URLSearchParams(filters).toString()}`.slice(0, MAX_PATH);
}
