import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { type Logger, loggable } from '../../logger.ts';
import { beginAudit, completeAudit } from '../../repositories/audit-log.ts';
import type { Db } from '../../repositories/schema.ts';
import { reason } from '../../orders/text-schemas.ts';
import { hasRole, staff, type Caller } from '../../domain/caller.ts';
import type { CallerEnv } from '../env.ts';

/** Records every request of staff that may change something. */
export interface Audit {
  /** Records an action that is refused to the caller. Its body is not read, so that no reason is known. */
  readonly recordRefusal: (c: Context<CallerEnv>, caller: Caller, status: number) => Promise<void>;
  /** Records an action before it runs, and its outcome. When it can't be recorded, it does not run, and this rejects. */
  readonly middleware: MiddlewareHandler;
}

/** An audit log in the database; `operationAt` names the operation of a method and path. */
export function createAudit(
  db: Db,
  logger: Logger,
  operationAt: (method: string, path: string) => string | undefined,
): Audit {
  const begin = (c: Context, caller: Caller, givenReason: string | null) => {
    const { method } = c.req;
    const path = routePath(c);
    return beginAudit(db, {
      subject: caller.subject,
      roles: caller.roles,
      operation: operationAt(method, path) ?? `${method} ${path}`,
      order: path.startsWith('/api/v1/orders/:id') ? c.req.param('id') : undefined,
      requestId: c.get('requestId'),
      reason: givenReason,
    });
  };
  // The action has been done: failing to record its outcome must not fail the answer.
  const complete = async (c: Context, id: number, status: number, location: string | null) => {
    try {
      await completeAudit(db, id, status, /^\/api\/v1\/orders\/([0-9a-f-]{36})$/.exec(location ?? '')?.[1]);
    } catch (error) {
      const about = { request_id: c.get('requestId'), audit_id: id };
      logger.error({ ...about, err: loggable(error) }, 'outcome of an audited action not written');
    }
  };
  return {
    recordRefusal: async (c, caller, status) => {
      if (isAudited(c, caller)) await complete(c, await begin(c, caller, null), status, null);
    },
    middleware: async (c, next) => {
      const caller = c.get('caller') as Caller | undefined;
      if (!caller || !isAudited(c, caller)) return next();
      const id = await begin(c, caller, await reasonOf(c));
      await next();
      await complete(c, id, c.res.status, c.res.headers.get('Location'));
    },
  };
}

function isAudited({ req }: Context, caller: Caller): boolean {
  return req.method !== 'GET' && req.method !== 'HEAD' && hasRole(caller, staff);
}

/** The reason that the body or the query gives, if it is one; a body that has not been read is long and left to its handler. */
async function reasonOf(c: Context): Promise<string | null> {
  const isRead = c.req.bodyCache.text !== undefined;
  const given: unknown = isRead ? parsed(await c.req.text()) : { reason: c.req.query('reason') };
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
