import { SignJWT } from 'jose';
import { environment } from '../../config/environment.ts';
import { readVariables } from '../../config/read-variables.ts';
import { readLocalSecret, readRunningSystem, type RunningSystem } from './running-system.ts';

/** Whose token, and for how long. */
export interface TokenClaims {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly expiresMs: number;
}

/** The secret, issuer and audience of a system's tokens. */
export type TokenSettings = Pick<RunningSystem, 'jwtSecret' | 'jwtIssuer' | 'jwtAudience'>;

/** Signs a token that the API with these settings accepts. */
export async function signToken(
  { sub, roles, expiresMs }: TokenClaims,
  { jwtSecret, jwtIssuer, jwtAudience }: TokenSettings,
): Promise<string> {
  return await new SignJWT({ roles: [...roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(jwtIssuer)
    .setAudience(jwtAudience)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + expiresMs))
    .sign(new TextEncoder().encode(jwtSecret));
}

const names = environment.pick({ JWT_ISSUER: true, JWT_AUDIENCE: true });

/** Reads the settings of the local system, also while it is not running; `undefined` when it has no secret yet. */
export function readTokenSettings(env: NodeJS.ProcessEnv = process.env): TokenSettings | undefined {
  const configured = readVariables(names, env);
  const running = readRunningSystem(env);
  const jwtSecret = running?.jwtSecret ?? readLocalSecret(env);
  if (jwtSecret === undefined) return undefined;
  return {
    jwtSecret,
    jwtIssuer: running?.jwtIssuer ?? configured.JWT_ISSUER,
    jwtAudience: running?.jwtAudience ?? configured.JWT_AUDIENCE,
  };
}
