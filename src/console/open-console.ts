import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { RequestError } from '../access/request-error.ts';
import { addPages } from './add-pages.ts';
import { answerError } from './answer-error.ts';
import type { ConsoleDependencies, ConsoleEnv } from './console-env.ts';
import { uploadPaths } from './imports/upload-routes.ts';
import { requireSession } from './require-session.ts';
import { serveStatic } from './serve-static.ts';
import { createOpenId } from './sign-in/open-id.ts';
import { sameOriginOnly } from './sign-in/same-origin.ts';
import { createSessions } from './sign-in/session.ts';
import { addSignInRoutes } from './sign-in/sign-in-routes.ts';

/** Only what comes from here runs or shows, nothing is written into the pages, and no other site frames them. */
const securityHeaders = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // With "no-referrer" a form would not say where it comes from.
  referrerPolicy: 'same-origin',
} satisfies Parameters<typeof secureHeaders>[0];

/** The largest form has two hundred chosen dead letters in it, each with its sender and id. */
const MAX_FORM_BYTES = 256_000;

function refuseSize(): never {
  throw new RequestError('VALIDATION', 'This is more than a form of the console holds. Nothing was done.');
}

/** The console at `/console`. Everything that it shows and does goes through the API, with the roles of the person who is signed in. */
export function openConsole(dependencies: ConsoleDependencies): Hono<ConsoleEnv> {
  const { config, db, logger } = dependencies;
  const sessions = createSessions(db, config);
  const app = new Hono<ConsoleEnv>().basePath('/console');
  app.use(requestId());
  app.use(secureHeaders(securityHeaders));
  app.use(compress());
  const formLimit = bodyLimit({ maxSize: MAX_FORM_BYTES, onError: refuseSize });
  app.use(async (c, next) => (uploadPaths.includes(c.req.path) ? await next() : await formLimit(c, next)));
  serveStatic(app);
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.use(sameOriginOnly);
  app.onError((error, c) => answerError(error, c, logger));
  app.notFound((c) => answerError(new RequestError('NOT_FOUND', 'There is no such page.'), c, logger));
  addSignInRoutes(app, { ...dependencies, sessions, openId: config.provider && createOpenId(config.provider) });
  app.use(requireSession(dependencies, sessions));
  addPages(app, dependencies);
  return app;
}
