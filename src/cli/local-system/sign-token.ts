import { SignJWT } from 'jose';
import { environment } from '../../config/environment.ts';
import { readVariables } from '../../config/read-variables.ts';
import { readRunningSystem } from './running-system.ts';

/** Whose token, and for how long. */
export interface LocalToken {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly expiresMs: number;
}

const names = environment.pick({ JWT_ISSUER: true, JWT_AUDIENCE: true });

/** A token for the local system, signed with its secret; issuer and audience are those of the system that runs, else the configured ones. */
export async function signLocalToken({ sub, roles, expiresMs }: LocalToken, secret: string): Promise<string> {
  const configured = readVariables(names, process.env);
  const running = readRunningSystem();
  return await new SignJWT({ roles: [...roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(running?.jwtIssuer ?? configured.JWT_ISSUER)
    .setAudience(running?.jwtAudience ?? configured.JWT_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + expiresMs))
    .sign(new TextEncoder().encode(secret));
}
