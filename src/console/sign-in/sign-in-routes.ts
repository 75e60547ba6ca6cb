import type { Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { RequestError } from '../../access/request-error.ts';
import { readForm } from '../actions/form-fields.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { signedOutPage, signInPage } from '../pages/sign-in-page.ts';
import type { BegunSignIn, OpenId } from './open-id.ts';
import type { Person, Sessions } from './session.ts';
import { showPage } from '../show-page.ts';

interface SignIn extends ConsoleDependencies {
  readonly sessions: Sessions;
  /** Where there is a provider. */
  readonly openId: OpenId | undefined;
}

/** Signing in, by the provider or by a token where that is allowed, and signing out. */
export function addSignInRoutes(app: Hono<ConsoleEnv>, signIn: SignIn): void {
  const { config, sessions, openId } = signIn;
  app.get('/sign-in', async (c) => {
    const { takesTokens, provider } = config;
    return await showPage(c, signInPage({ to: ownPath(c.req.query('to')), issuer: provider?.issuer, takesTokens }));
  });
  if (openId) addProviderRoutes(app, signIn, openId);
  if (config.takesTokens) addTokenRoutes(app, signIn);
  app.post('/sign-out', async (c) => {
    await sessions.end(c);
    return c.redirect('/console/signed-out', 303);
  });
  app.get('/signed-out', async (c) => {
    // That the provider can't be reached must not keep anybody signed in here.
    const url = await openId?.signOutUrl().catch(() => undefined);
    return await showPage(c, signedOutPage(url));
  });
}

/** A sign-in that has begun is kept in the browser that began it, for as long as somebody may need for passwords and codes. */
const BEGUN_SECONDS = 900;

const BEGUN = 'console-sign-in';

function addProviderRoutes(app: Hono<ConsoleEnv>, signIn: SignIn, openId: OpenId): void {
  const isSecure = signIn.config.origin?.startsWith('https:') === true;
  // Lax: the browser comes back from the provider's site.
  const cookie = { path: '/console/sign-in', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const;
  app.get('/sign-in/begin', async (c) => {
    const { url, begun } = await reach(() => openId.begin());
    const to = ownPath(c.req.query('to'));
    setCookie(c, BEGUN, JSON.stringify({ ...begun, to }), { ...cookie, maxAge: BEGUN_SECONDS });
    return c.redirect(url.href);
  });
  app.get('/sign-in/callback', async (c) => {
    const begun = readBegun(getCookie(c, BEGUN));
    deleteCookie(c, BEGUN, cookie);
    if (!begun)
      throw new RequestError('VALIDATION', 'This sign-in was begun elsewhere or too long ago. Begin it again.');
    const person = await openId.complete(new URL(c.req.url).search, begun).catch((cause: unknown) => {
      signIn.logger.warn({ request_id: c.get('requestId'), err: cause }, 'sign-in refused');
      throw new RequestError(
        'VALIDATION',
        'The provider did not sign you in. Begin again; if that fails, the log says why.',
        { cause },
      );
    });
    return await enter(c, signIn, person, begun.to);
  });
}

/** Where tokens of the API sign people in: under `npm start`, and wherever that is asked for. */
function addTokenRoutes(app: Hono<ConsoleEnv>, signIn: SignIn): void {
  const enterWith = async (c: Context<ConsoleEnv>, token: string, to: string) => {
    const { subject, roles } = await signIn.access.authenticate(`Bearer ${token}`);
    return await enter(c, signIn, { subject, name: subject, roles }, to);
  };
  app.get('/sign-in/token', async (c) => await enterWith(c, c.req.query('token') ?? '', '/console'));
  app.post('/sign-in/token', async (c) => {
    const fields = await readForm(c);
    return await enterWith(c, fields.text('token'), ownPath(fields.text('to')));
  });
}

async function enter(c: Context<ConsoleEnv>, { sessions }: SignIn, person: Person | undefined, to: string) {
  // Whoever was signed in in this browser before is not any more.
  await sessions.end(c);
  if (!person) throw new RequestError('VALIDATION', 'The provider did not say who you are. Ask whoever set it up.');
  if (!(await sessions.open(c, person))) {
    throw new RequestError(
      'FORBIDDEN',
      `${person.name} has none of the roles support, operator and admin. Ask whoever gives them.`,
    );
  }
  return c.redirect(to, 303);
}

async function reach<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    throw new RequestError('UNAVAILABLE', 'The provider that you sign in at can’t be reached right now.', { cause });
  }
}

/** A path of the console to go to after signing in; anything else leads to its start. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !/^\/console(?:[/?][\w\-./?=&%+:@,~]*)?$/.test(to) || to.includes('..')) return '/console';
  return to.startsWith('/console/sign-in') ? '/console' : to;
}

function readBegun(text: string | undefined): (BegunSignIn & { readonly to: string }) | undefined {
  try {
    const { state, nonce, verifier, to } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return undefined;
    return { state, nonce, verifier, to: ownPath(typeof to === 'string' ? to : undefined) };
  } catch {
    return undefined;
  }
}
