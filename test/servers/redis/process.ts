import { createAnnouncer } from '../../../src/events/order-announcer.ts';
import { createApi } from '../../../src/http/app.ts';
import type { Logger } from '../../../src/logger.ts';
import { openCopies } from '../../../src/redis/open-copies.ts';
import { openApiParts } from '../../http/api-parts.ts';
import { token, type ApiRig, type RequestOptions } from '../../http/api-rig.ts';
import { scriptedCommands } from '../../http/scripted-commands.ts';
import { eventually } from '../../setup/eventually.ts';

/** An API as one process of several has it: with connections of its own, and with Redis unless `url` is undefined. */
export type ApiProcess = Awaited<ReturnType<typeof openProcess>>;

/** Opens one over the rig's database. `hears`: whether it is told of changes by PostgreSQL. */
export async function openProcess(
  rig: ApiRig,
  url: string | undefined,
  { hears = true, logger, rateLimit = '0' }: { hears?: boolean; logger?: Logger; rateLimit?: string } = {},
) {
  const sandbox = { url: rig.sandbox.url, databaseUrl: rig.sandbox.runningUrl };
  const parts = openApiParts(sandbox, { settings: { RATE_LIMIT: rateLimit }, logger });
  const copies = await openCopies(url, hears ? parts.changes : { watchAll: () => {} }, parts.logger);
  const announcer = createAnnouncer(parts.database.pool, parts.logger, { copies });
  const commands = scriptedCommands(parts.database.db, announcer);
  const api = createApi({ ...parts, announcer, commands, copies });
  if (copies) await eventually(() => copies.redis.isUsed());
  return {
    redis: copies?.redis,
    orderCache: copies?.orders,
    statements: parts.database.statements,
    request: async (method: string, path: string, { as = 'customer', sub = 'alice', body }: RequestOptions = {}) => {
      const authorization = `Bearer ${await token(sub, as === null ? [] : [as])}`;
      const response = await api.request(`/api/v1${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: text === '' ? {} : JSON.parse(text) };
    },
    close: async () => {
      await copies?.close();
      parts.feed.close();
      await parts.changes.close();
      await parts.database.close();
    },
  };
}
