import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { countRequest } from '../access/count-request.ts';
import { UnauthenticatedError } from '../access/request-error.ts';
import type { OrdersClient } from '../client/client.ts';
import { innerClient } from './call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from './console-env.ts';
import type { Sessions, SignedIn } from './sign-in/session.ts';
import { localeOf } from './ui/money.ts';
import type { Told, View } from './view.ts';

/** Lets only who is signed in through, and gives the handler what its page is shown with; others are sent to sign in, and come back. */
export function requireSession(dependencies: ConsoleDependencies, sessions: Sessions): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const signedIn = await sessions.find(c);
    if (!signedIn) {
      if (!isNavigation(c))
        throw new UnauthenticatedError(
          'expired',
          'You are signed out, and nothing was done. Sign in again: what you typed is still there.',
        );
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(`/console/sign-in?to=${encodeURIComponent(pathname + search)}`);
    }
    await countRequest(dependencies.access.limiters, 'user', signedIn.caller.subject);
    c.set('view', viewOf(c, signedIn, dependencies));
    return await next();
  };
}

/** Whether the browser asks for a page to show, and not a script for a part of one. */
function isNavigation(c: Context): boolean {
  return (
    c.req.method === 'GET' && c.req.header('X-Part') === undefined && c.req.header('Accept') !== 'text/event-stream'
  );
}

function viewOf(c: Context<ConsoleEnv>, signedIn: SignedIn, { api, config, namespace }: ConsoleDependencies): View {
  const { caller } = signedIn;
  const { webUiUrl } = config;
  // A client has a method for each of the API's operations, and a page calls few of them.
  let client: OrdersClient | undefined;
  let parts: OrdersClient | undefined;
  return {
    signedIn,
    get client() {
      return (client ??= innerClient(api, { caller }));
    },
    get parts() {
      return (parts ??= innerClient(api, { caller, isPartOfRead: true }));
    },
    locale: localeOf(c.req.header('Accept-Language')),
    runUrl: (orderId) =>
      webUiUrl === undefined
        ? undefined
        : `${webUiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/order-${orderId}`,
    // Requests that a page's scripts make don't show it.
    told: isNavigation(c) ? takeTold(c) : undefined,
  };
}

const TOLD = 'console-told';

const toldCookie = { path: '/console', httpOnly: true, sameSite: 'Lax' } as const;

/** Browsers drop a cookie of more than 4 096 bytes, and what it would have told. */
const MAX_TOLD_BYTES = 3_500;

/** Tells on the next page what an action came to. */
export function tell(c: Context, { text, isRefused, about = '' }: Told): void {
  setCookie(c, TOLD, `${isRefused ? '-' : '+'}${about}|${cutToFit(text.toWellFormed())}`, {
    ...toldCookie,
    maxAge: 60,
  });
}

function cutToFit(text: string): string {
  let bytes = 0;
  let fitting = '';
  for (const character of text) {
    bytes += encodeURIComponent(character).length;
    if (bytes > MAX_TOLD_BYTES) return `${fitting}…`;
    fitting += character;
  }
  return fitting;
}

function takeTold(c: Context): Told | undefined {
  const told = getCookie(c, TOLD);
  if (told === undefined) return undefined;
  deleteCookie(c, TOLD, toldCookie);
  const [, sign, about, text] = /^([+-])([a-z]*)\|(.*)$/s.exec(told) ?? [];
  return text === undefined ? undefined : { isRefused: sign === '-', about: about === '' ? undefined : about, text };
}
