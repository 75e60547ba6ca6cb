import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from '../../logger.ts';
import { holdsCardNumber } from '../../domain/card-number.ts';
import { isAuditedAction, isAuditedRead } from '../../access/audited.ts';
import { innerCallOf } from '../../access/inner-call.ts';
import type { Caller } from '../../domain/caller.ts';
import { reason } from '../../orders/text-schemas.ts';
import { beginAudit, completeAudit, type AuditedRequest } from '../../repositories/audit-log.ts';
import { recordReadInBatch } from '../../repositories/audit-reads.ts';
import type { Db } from '../../repositories/schema.ts';
import type { CallerEnv } from '../env.ts';

/**
 * Records every request of staff that may change something or that reads what is not their own, and every request of a service that may
 * change an order or import.
 */
export interface Audit {
  /** Records an action that is refused to the caller. Its body is not read, so that no reason is known. */
  readonly recordRefusal: (c: Context<CallerEnv>, caller: Caller, status: number) => Promise<void>;
  /**
   * Records an action before it runs, and its outcome; and a read before it is answered. What can't be recorded is not done, or not
   * answered: then this rejects.
   */
  readonly middleware: MiddlewareHandler;
}

/** An audit log in the database; `operationAt` names the operation of a method and path. */
export function createAudit(
  db: Db,
  logger: Logger,
  operationAt: (method: string, path: string) => string | undefined,
): Audit {
  const describe = (c: Context, { subject, roles }: Caller): AuditedRequest => {
    const method = isReading(c) ? 'GET' : c.req.method;
    const route = routePath(c);
    return {
      subject,
      roles,
      operation: operationAt(method, route) ?? `${method} ${route}`,
      order: route.startsWith('/api/v1/orders/:id') ? c.req.param('id') : undefined,
      path: pathOf(c) ?? route,
      requestId: c.get('requestId'),
    };
  };
  const begin = (c: Context, caller: Caller, givenReason: string | null) =>
    beginAudit(db, { ...describe(c, caller), reason: givenReason });
  // The action has been done: failing to record its outcome must not fail the answer.
  const complete = async (c: Context, id: number, status: number, location: string | null) => {
    try {
      await completeAudit(db, id, status, /^\/api\/v1\/orders\/([0-9a-f-]{36})$/.exec(location ?? '')?.[1]);
    } catch (error) {
      const about = { request_id: c.get('requestId'), audit_id: id };
      logger.error({ ...about, err: error }, 'outcome of an audited action not written');
    }
  };
  const recordRead = async (c: Context, caller: Caller) => {
    const { status, body } = c.res;
    if (status >= 400) return;
    const importId = routePath(c).startsWith('/api/v1/imports/:id') ? c.req.param('id') : undefined;
    try {
      await recordReadInBatch(db, { ...describe(c, caller), importId, status });
    } catch (error) {
      // An answer that nobody gets must not stay open.
      await body?.cancel();
      throw error;
    }
  };
  return {
    recordRefusal: async (c, caller, status) => {
      if (isActionAudited(c, caller)) await complete(c, await begin(c, caller, null), status, null);
    },
    middleware: async (c, next) => {
      const caller = c.get('caller') as Caller | undefined;
      if (!caller || !isActionAudited(c, caller)) {
        await next();
        if (caller && isReadAudited(c, caller)) await recordRead(c, caller);
        return;
      }
      const id = await begin(c, caller, await reasonOf(c));
      await next();
      await complete(c, id, c.res.status, c.res.headers.get('Location'));
    },
  };
}

function isReading({ req: { method } }: Context): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isActionAudited(c: Context, caller: Caller): boolean {
  return !isReading(c) && isAuditedAction(caller, { toOne: routePath(c).includes('/:id') });
}

/** Orders and imports hold what belongs to somebody. */
function isReadAudited(c: Context, caller: Caller): boolean {
  if (!isReading(c) || innerCallOf(c.env)?.isPartOfRead === true) return false;
  if (!/^\/api\/v1\/(orders|imports)\b/.test(routePath(c))) return false;
  return isAuditedRead(caller, { ofCustomer: c.req.query('customer_id') });
}

/** Longer than any query that the API takes. */
const MAX_PATH = 2_000;

/** What was asked for, with its query; `undefined` for one with a card number, which is kept nowhere. */
function pathOf({ req }: Context): string | undefined {
  const { pathname, search } = new URL(req.url);
  const path = (pathname + search).slice(0, MAX_PATH);
  return holdsCardNumber(path) || holdsCardNumber(decoded(path)) ? undefined : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
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
