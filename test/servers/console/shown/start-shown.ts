import getPort from 'get-port';
import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { addPages } from '../../../../src/console/add-pages.ts';
import { answerError } from '../../../../src/console/answer-error.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../../../../src/console/console-env.ts';
import { requireSession } from '../../../../src/console/require-session.ts';
import { serveStatic } from '../../../../src/console/serve-static.ts';
import type { OpenId } from '../../../../src/console/sign-in/open-id.ts';
import type { Sessions } from '../../../../src/console/sign-in/session.ts';
import { addSignInRoutes } from '../../../../src/console/sign-in/sign-in-routes.ts';
import type { Role } from '../../../../src/domain/caller.ts';
import { RequestError } from '../../../../src/access/request-error.ts';
import { listen } from '../../../../src/http/listen.ts';
import { createLogger } from '../../../../src/logger.ts';
import { createShownApi } from './shown-api.ts';

const PROVIDER = 'https://accounts.example.com';

/** A provider that is not asked. */
const openId: OpenId = {
  begin: () => Promise.reject(new Error('these pages have no sign-in')),
  complete: () => Promise.reject(new Error('these pages have no sign-in')),
  signOutUrl: async () => new URL('/sign-out', PROVIDER),
};

/** The console's pages over answers that are always the same, for somebody with these roles; no server is needed for them. */
export async function startShown(roles: readonly Role[]) {
  const dependencies = {
    config: { webUiUrl: 'http://temporal.example.com', takesTokens: true, provider: { issuer: PROVIDER } },
    logger: createLogger({ level: 'silent', format: 'json' }, 'test'),
    access: { limiters: { users: undefined, webhooks: undefined } },
    api: createShownApi(),
    namespace: 'default',
    // Only what the pages need.
  } as unknown as ConsoleDependencies;
  const caller = { subject: 'ann', roles, expiresAtMs: Number.MAX_SAFE_INTEGER, actor: `${roles[0] ?? ''}:ann` };
  const sessions: Sessions = {
    open: async () => true,
    find: async (c) => (c.req.query('signed-out') === undefined ? { caller, name: 'Ann Byron' } : undefined),
    end: async () => {},
  };
  const app = new Hono<ConsoleEnv>().basePath('/console');
  app.use(requestId());
  serveStatic(app);
  app.onError((error, c) => answerError(error, c, dependencies.logger));
  app.notFound((c) => answerError(new RequestError('NOT_FOUND', 'There is no such page.'), c, dependencies.logger));
  addSignInRoutes(app, { ...dependencies, sessions, openId });
  app.get('/broken', () => {
    throw new RequestError('UNAVAILABLE', 'The database is not available right now. Try again in a few seconds.');
  });
  app.use(requireSession(dependencies, sessions));
  addPages(app, dependencies);
  const port = await getPort();
  const server = await listen(app, { host: '127.0.0.1', port });
  return { url: `http://localhost:${port}`, stop: () => server.close(100) };
}
