import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { LRUCache } from 'lru-cache';
import { ConfigError, type Config } from '../config.ts';
import { roles, type Caller } from '../domain/caller.ts';
import { RequestError, UnauthenticatedError } from './request-error.ts';

/** Finds the caller by the `Authorization` header, or rejects with {@link UnauthenticatedError}. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

/** Bounds the memory that remembered tokens take, about 1 KB each. */
const MAX_REMEMBERED = 10_000;

/** How long a caller is remembered by a token whose signature was checked: so long a withdrawn key is still honoured. */
const REMEMBERED_MS = 60_000;

/** An authenticator by shared secret or by published keys. Throws {@link ConfigError} when neither is configured. */
export function authenticator(auth: Config['auth']): Authenticate {
  const verify = tokenVerifier(auth);
  // The wall clock, because tokens expire by it.
  const remembered = new LRUCache<string, Caller>({ max: MAX_REMEMBERED, perf: { now: () => Date.now() } });
  return async (authorization) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated(authorization, 'Send a JWT as "Authorization: Bearer <token>".');
    const known = remembered.get(token);
    if (known) return known;
    const payload = await verify(token).catch((cause: unknown) => {
      throw refuseToken(cause);
    });
    const caller = callerOf(payload);
    if (!caller) throw unauthenticated(authorization, 'The token has no usable "sub" or "exp".');
    const ttl = Math.min(caller.expiresAtMs - Date.now(), REMEMBERED_MS);
    // The cache takes 0 for "for ever".
    if (ttl > 0) remembered.set(token, caller, { ttl });
    return caller;
  };
}

type VerifyToken = (token: string) => Promise<JWTPayload>;

function tokenVerifier({ secret, jwksUrl, issuer, audience }: Config['auth']): VerifyToken {
  const options: JWTVerifyOptions = { issuer, audience, requiredClaims: ['exp', 'sub'] };
  if (jwksUrl !== undefined) {
    const keys = createRemoteJWKSet(new URL(jwksUrl));
    // Public keys only: a shared-secret algorithm here would take a public key for a secret.
    const asymmetric = { ...options, algorithms: ['RS256', 'ES256', 'EdDSA'] };
    return async (token) => (await jwtVerify(token, keys, asymmetric)).payload;
  }
  if (secret === undefined) throw new ConfigError('JWT_SECRET or JWKS_URL must be set, see .env.example');
  const key = new TextEncoder().encode(secret);
  const symmetric = { ...options, algorithms: ['HS256'] };
  return async (token) => (await jwtVerify(token, key, symmetric)).payload;
}

/** The last second that a `Date` can hold: a token that claims to be valid for longer is valid for ever. */
const LAST_SECOND = 8_640_000_000_000;

function callerOf(payload: JWTPayload): Caller | undefined {
  const { exp: expires, roles: claimed } = payload;
  // The types promise more than is checked: claims are whatever the issuer wrote.
  const subject: unknown = payload.sub;
  if (typeof subject !== 'string' || !/^[!-~\u00a1-\uffff][ -~\u00a0-\uffff]{0,254}$/.test(subject)) return undefined;
  if (!subject.isWellFormed()) return undefined;
  if (expires === undefined || expires > LAST_SECOND) return undefined;
  const known = roles.filter((role) => Array.isArray(claimed) && claimed.includes(role));
  return {
    subject,
    roles: known,
    expiresAtMs: expires * 1_000,
    actor: `${known[0] ?? 'nobody'}:${subject}`,
  };
}

/** jose's codes for a token that is not valid; any other error means that the keys are unavailable. */
const badToken =
  /^ERR_(JWT_|JWS_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/;

function refuseToken(cause: unknown): RequestError {
  if (cause instanceof errors.JWTExpired) return new UnauthenticatedError('expired', 'The token has expired.', cause);
  if (cause instanceof errors.JOSEError && badToken.test(cause.code)) {
    return new UnauthenticatedError('invalid', 'The token is not valid here.', cause);
  }
  return new RequestError('UNAVAILABLE', 'The keys that tokens are checked with are unavailable right now.', {
    retryAfterSeconds: 2,
    cause,
  });
}

function unauthenticated(authorization: string | undefined, message: string): UnauthenticatedError {
  return new UnauthenticatedError(authorization === undefined ? 'missing' : 'invalid', message);
}
