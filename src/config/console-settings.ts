import ms from 'ms';
import { z } from 'zod';
import { staff } from '../domain/caller.ts';
import { duration, url } from './setting-types.ts';

const staffRoles: readonly string[] = staff;

/** What the values of the provider's claim mean, as in `shop-support=support,shop-leads=admin`. */
const roleMapping = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  if (pairs.every(([claimed, role]) => claimed !== '' && staffRoles.includes(role))) return pairs;
  context.addIssue({
    code: 'custom',
    message: `must be values of the claim and what they mean, one of ${staff.join(', ')}, such as shop-support=support`,
  });
  return z.NEVER;
});

/** Settings of the console, and of how its users sign in. */
export const consoleVariables = {
  CONSOLE_URL: url.optional(),
  CONSOLE_IDLE_LIMIT: duration.default(ms('30m')),
  CONSOLE_SESSION_LIMIT: duration.default(ms('12h')),
  CONSOLE_TOKEN_SIGN_IN: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  OIDC_ISSUER: url.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_SCOPE: z.string().min(1).default('openid profile email'),
  OIDC_SUBJECT_CLAIM: z.string().min(1).default('sub'),
  OIDC_ROLES_CLAIM: z.string().min(1).default('roles'),
  OIDC_ROLES: roleMapping.optional(),
  WEB_UI_URL: url.optional(),
};

const consoleSettings = z.object(consoleVariables);

type ConsoleVariables = z.output<typeof consoleSettings>;

/** Reports what signing in through a provider lacks. */
export function checkConsole(e: Partial<ConsoleVariables>, context: z.RefinementCtx): void {
  if (e.OIDC_ISSUER === undefined) return;
  for (const name of ['OIDC_CLIENT_ID', 'CONSOLE_URL'] as const) {
    if (e[name] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: 'goes with OIDC_ISSUER: both are set, or neither' });
  }
}

/** How the console's users sign in; `undefined`: there is no way, and no console. */
export function toConsoleConfig(e: ConsoleVariables) {
  const provider = toProvider(e);
  if (!provider && !e.CONSOLE_TOKEN_SIGN_IN) return undefined;
  return {
    provider,
    takesTokens: e.CONSOLE_TOKEN_SIGN_IN,
    /** The origin under which browsers reach it, where that is known. */
    origin: e.CONSOLE_URL === undefined ? undefined : new URL(e.CONSOLE_URL).origin,
    idleMs: e.CONSOLE_IDLE_LIMIT,
    sessionMs: e.CONSOLE_SESSION_LIMIT,
    webUiUrl: e.WEB_UI_URL,
  };
}

/** The settings of the console, where it is served. */
export type ConsoleConfig = NonNullable<ReturnType<typeof toConsoleConfig>>;

/** The settings of the provider that the console's users sign in at. */
export type ProviderConfig = NonNullable<ConsoleConfig['provider']>;

function toProvider(e: ConsoleVariables) {
  if (e.OIDC_ISSUER === undefined || e.OIDC_CLIENT_ID === undefined || e.CONSOLE_URL === undefined) return undefined;
  return {
    issuer: e.OIDC_ISSUER,
    clientId: e.OIDC_CLIENT_ID,
    clientSecret: e.OIDC_CLIENT_SECRET,
    scope: e.OIDC_SCOPE,
    subjectClaim: e.OIDC_SUBJECT_CLAIM,
    rolesClaim: e.OIDC_ROLES_CLAIM,
    roles: new Map(e.OIDC_ROLES ?? staff.map((role) => [role, role])),
    redirectUri: `${new URL(e.CONSOLE_URL).origin}/console/sign-in/callback`,
    signedOutUri: `${new URL(e.CONSOLE_URL).origin}/console/signed-out`,
  };
}
