import { z } from 'zod';
import { readVariables } from './read-variables.ts';
import { duration, readableFile, url } from './setting-types.ts';

/** The services that an order needs, as their settings are called. */
const prefixes = ['INVENTORY', 'PAYMENT', 'CUSTOMER', 'NOTIFICATION', 'REVIEW'] as const;
type Prefix = (typeof prefixes)[number];

/** A step's attempt makes two calls and has ten seconds for them. */
const MAX_TIMEOUT_MS = 4_000;
/** A quicker answer than this from another machine is luck. */
const MIN_TIMEOUT_MS = 100;

const oneService = {
  URL: url.optional(),
  TIMEOUT: duration
    .refine((limitMs) => limitMs >= MIN_TIMEOUT_MS && limitMs <= MAX_TIMEOUT_MS, 'must be from 100ms to 4s')
    .optional(),
  TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be a token: ASCII characters without spaces')
    .optional(),
  OAUTH_TOKEN_URL: url.optional(),
  OAUTH_CLIENT_ID: z.string().optional(),
  OAUTH_CLIENT_SECRET: z.string().optional(),
  OAUTH_SCOPE: z.string().optional(),
  CLIENT_CERT: readableFile.optional(),
  CLIENT_KEY: readableFile.optional(),
  CA: readableFile.optional(),
};

/** Where each service is, what its calls are authorised by, and how long one may take. */
export const serviceVariables = {
  ...named('INVENTORY', oneService),
  ...named('PAYMENT', oneService),
  ...named('CUSTOMER', oneService),
  ...named('NOTIFICATION', oneService),
  ...named('REVIEW', oneService),
};

type Named<P extends string, Shape> = { [Name in keyof Shape & string as `${P}_${Name}`]: Shape[Name] };

function named<P extends string, Shape extends z.ZodRawShape>(prefix: P, shape: Shape): Named<P, Shape> {
  const entries = Object.entries(shape).map(([name, type]) => [`${prefix}_${name}`, type] as const);
  return Object.fromEntries(entries) as Named<P, Shape>;
}

/** A client of an OAuth server that gets tokens for itself (client credentials). */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

/** The files in PEM that connections are made with: who vouches for the service, and what this system shows of itself. */
export interface TlsFiles {
  readonly caFile: string | undefined;
  readonly client: { readonly certFile: string; readonly keyFile: string } | undefined;
}

/** Where a service is and how it is called. */
export interface ServiceEndpoint {
  readonly url: string;
  /** How long an attempt may take, should it not be as long as the call itself allows. */
  readonly timeoutMs?: number | undefined;
  readonly token?: string | undefined;
  readonly oauth?: OAuthClient | undefined;
  readonly tls?: TlsFiles | undefined;
}

type Environment = z.output<z.ZodObject<typeof serviceVariables>>;

/** The endpoint of a service that has an address, as {@link checkServices} has found it right. */
export function toEndpoint(e: Environment, prefix: Prefix, address: string): ServiceEndpoint {
  const tokenUrl = e[`${prefix}_OAUTH_TOKEN_URL`];
  const clientId = e[`${prefix}_OAUTH_CLIENT_ID`];
  const clientSecret = e[`${prefix}_OAUTH_CLIENT_SECRET`];
  const isOAuth = tokenUrl !== undefined && clientId !== undefined && clientSecret !== undefined;
  return {
    url: address,
    timeoutMs: e[`${prefix}_TIMEOUT`],
    token: e[`${prefix}_TOKEN`],
    oauth: isOAuth ? { tokenUrl, clientId, clientSecret, scope: e[`${prefix}_OAUTH_SCOPE`] } : undefined,
    tls: toTlsFiles(e, prefix),
  };
}

function toTlsFiles(e: Environment, prefix: Prefix): TlsFiles | undefined {
  const caFile = e[`${prefix}_CA`];
  const certFile = e[`${prefix}_CLIENT_CERT`];
  const keyFile = e[`${prefix}_CLIENT_KEY`];
  if (certFile !== undefined && keyFile !== undefined) return { caFile, client: { certFile, keyFile } };
  return caFile === undefined ? undefined : { caFile, client: undefined };
}

/** The names of the services. */
export const serviceNames = ['inventory', 'payment', 'customer', 'notification', 'review'] as const;

/** A service by its name. */
export type CheckedService = (typeof serviceNames)[number];

const prefixOf = {
  inventory: 'INVENTORY',
  payment: 'PAYMENT',
  customer: 'CUSTOMER',
  notification: 'NOTIFICATION',
  review: 'REVIEW',
} as const satisfies Record<CheckedService, Prefix>;

/**
 * The endpoint of one service as `env` has it, at another address if `address` is given; `undefined` when it has none. Throws
 * `ConfigError` that names every variable that is invalid.
 */
export function readServiceEndpoint(
  env: NodeJS.ProcessEnv,
  service: CheckedService,
  address: string | undefined,
): ServiceEndpoint | undefined {
  const prefix = prefixOf[service];
  const given = address === undefined ? env : { ...env, [`${prefix}_URL`]: address };
  const e = readVariables(z.object(serviceVariables).superRefine(checkServices), given);
  const found = e[`${prefix}_URL`];
  return found === undefined ? undefined : toEndpoint(e, prefix, found);
}

/** Reports credentials that are not whole, that contradict each other, or that would not be used. */
export function checkServices(e: Environment, context: z.core.$RefinementCtx): void {
  for (const prefix of prefixes) checkService(e, prefix, context);
}

function checkService(e: Environment, prefix: Prefix, context: z.core.$RefinementCtx): void {
  const report = (name: string, message: string) => {
    context.addIssue({ code: 'custom', path: [`${prefix}_${name}`], message });
  };
  const oauth = ['OAUTH_TOKEN_URL', 'OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET'] as const;
  const missing = oauth.filter((name) => e[`${prefix}_${name}`] === undefined);
  const hasOAuth = missing.length < oauth.length || e[`${prefix}_OAUTH_SCOPE`] !== undefined;
  if (hasOAuth) for (const name of missing) report(name, `is needed with the other settings of ${prefix}_OAUTH`);
  if (hasOAuth && e[`${prefix}_TOKEN`] !== undefined) {
    report('TOKEN', `is one way to call the service and ${prefix}_OAUTH_CLIENT_ID another: set one of them`);
  }
  const hasCert = e[`${prefix}_CLIENT_CERT`] !== undefined;
  const hasKey = e[`${prefix}_CLIENT_KEY`] !== undefined;
  if (hasCert && !hasKey) report('CLIENT_KEY', `is needed with ${prefix}_CLIENT_CERT`);
  if (hasKey && !hasCert) report('CLIENT_CERT', `is needed with ${prefix}_CLIENT_KEY`);
  const hasTls = hasCert || hasKey || e[`${prefix}_CA`] !== undefined;
  const address = e[`${prefix}_URL`];
  if (hasTls && address !== undefined && !address.startsWith('https:')) {
    report('URL', 'must begin with https:// for certificates to be used');
  }
}
