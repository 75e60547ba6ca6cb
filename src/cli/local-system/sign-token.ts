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

/** What the tokens of a system are signed with; its API refuses all others. */
export type TokenSettings = Pick<RunningSystem, 'jwtSecret' | 'jwtIssuer' | 'jwtAudience'>;

/** A token that the API of the system with these settings accepts. */
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

/** The settings of the system that runs here, or will run here with this environment; `undefined` when it has no secret yet. */
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
