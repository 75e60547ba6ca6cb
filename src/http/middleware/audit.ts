import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { type Logger, loggable } from '../../logger.ts';
import { beginAudit, completeAudit } from '../../repositories/audit-log.ts';
import type { Db } from '../../repositories/schema.ts';
import type { CallerEnv } from '../api.ts';
import { reason } from '../schemas/text.ts';
import { hasRole, staff, type Caller } from '../../domain/caller.ts';

/** Notes what came of an action; the answer is not held up by a failure to do so. */
export type CompleteAudit = (status: number, location: string | null) => Promise<void>;

/**
 * Writes down an action of the staff before it is done; `undefined` for what is none. Rejects when it can't be written,
 * and then it must not be done.
 */
export type Audit = (c: Context<CallerEnv>, caller: Caller) => Promise<CompleteAudit | undefined>;

/** An audit of every request of the staff that may change something; `operationAt` names what is at a method and path. */
export function createAudit(
  db: Db,
  logger: Logger,
  operationAt: (method: string, path: string) => string | undefined,
): Audit {
  return async (c, caller) => {
    const { method } = c.req;
    if (method === 'GET' || method === 'HEAD' || !hasRole(caller, staff)) return undefined;
    const path = routePath(c);
    const requestId = c.get('requestId');
    const id = await beginAudit(db, {
      subject: caller.subject,
      roles: caller.roles,
      operation: operationAt(method, path) ?? `${method} ${path}`,
      order: path.startsWith('/api/v1/orders/:id') ? c.req.param('id') : undefined,
      requestId,
      reason: await reasonOf(c),
    });
    return async (status, location) => {
      try {
        await completeAudit(db, id, status, /^\/api\/v1\/orders\/([0-9a-f-]{36})$/.exec(location ?? '')?.[1]);
      } catch (error) {
        logger.error(
          { request_id: requestId, audit_id: id, err: loggable(error) },
          'outcome of an audited action not written',
        );
      }
    };
  };
}

/** The reason that the body or the query gives, if it is one; bodies of other types may be long and are left to their handlers. */
async function reasonOf(c: Context<CallerEnv>): Promise<string | null> {
  const isJson = /^application\/json\b/i.test(c.req.header('content-type') ?? '');
  const given: unknown = isJson ? parsed(await c.req.text()) : { reason: c.req.query('reason') };
  if (typeof given !== 'object' || given === null || !('reason' in given)) return null;
  return reason.safeParse(given.reason).data ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
