import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ConsoleConfig } from '../../config.ts';
import { roles, staff, type Caller, type Role } from '../../domain/caller.ts';
import {
  deleteConsoleSession,
  findConsoleSession,
  insertConsoleSession,
  type ConsoleSession,
} from '../../repositories/console-sessions.ts';
import type { Db } from '../../repositories/schema.ts';

/** Who signs in, as their provider or their token says. */
export interface Person {
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Sessions of the console, kept in the database, so that signing out ends them wherever their cookie may be. */
export interface Sessions {
  /** Signs a person in; `false`: none of their roles lets them in. */
  readonly open: (c: Context, person: Person) => Promise<boolean>;
  /** Whose session the request belongs to; `undefined`: it has none, or it has ended. */
  readonly find: (c: Context) => Promise<SignedIn | undefined>;
  /** Ends the request's session, if it has one. */
  readonly end: (c: Context) => Promise<void>;
}

/** Somebody who is signed in, as the API knows callers. */
export interface SignedIn {
  readonly caller: Caller;
  readonly name: string;
}

/** 256 bits: nobody guesses one. */
const ID_BYTES = 32;

/** Sessions in `db`, under the limits of `config`. */
export function createSessions(db: Db, { idleMs, sessionMs, origin }: ConsoleConfig): Sessions {
  const isSecure = origin?.startsWith('https:') === true;
  // Browsers take a name with this prefix from this host alone, over TLS.
  const name = isSecure ? '__Host-console' : 'console';
  const attributes = { httpOnly: true, sameSite: 'Lax', path: '/', secure: isSecure } as const;
  return {
    open: async (c, person) => {
      const held = staff.filter((role) => person.roles.includes(role));
      if (held.length === 0) return false;
      const id = randomBytes(ID_BYTES).toString('base64url');
      const expiresAt = new Date(Date.now() + sessionMs);
      await insertConsoleSession(db, hashOf(id), { ...person, roles: held, expiresAt }, idleMs);
      setCookie(c, name, id, { ...attributes, maxAge: Math.ceil(sessionMs / 1_000) });
      return true;
    },
    find: async (c) => {
      const id = getCookie(c, name);
      // A page that refreshes itself keeps nobody signed in; a search does, which somebody types.
      const isUsed = c.req.header('X-Part') !== 'page' && c.req.header('Accept') !== 'text/event-stream';
      const session = id === undefined ? undefined : await findConsoleSession(db, hashOf(id), { idleMs, isUsed });
      return session && { caller: callerOf(session), name: session.name };
    },
    end: async (c) => {
      const id = deleteCookie(c, name, attributes);
      if (id !== undefined) await deleteConsoleSession(db, hashOf(id));
    },
  };
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

function callerOf({ subject, roles: held, expiresAt }: ConsoleSession): Caller {
  const known = roles.filter((role) => held.includes(role));
  return { subject, roles: known, expiresAtMs: expiresAt.getTime(), actor: `${known[0] ?? 'nobody'}:${subject}` };
}
