import { SignJWT } from 'jose';
import { readConfig } from '../../src/config.ts';
import { readRunningSystem } from './running-system.ts';

/** Whose token, and for how long. */
export interface DevToken {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly expiresMs: number;
}

/** A token for the development system, signed with its secret; issuer and audience are those of the system that runs, else the configured ones. */
export async function signDevToken({ sub, roles, expiresMs }: DevToken, secret: string): Promise<string> {
  const { auth } = readConfig();
  const running = readRunningSystem();
  return await new SignJWT({ roles: [...roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(running?.jwtIssuer ?? auth.issuer)
    .setAudience(running?.jwtAudience ?? auth.audience)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + expiresMs))
    .sign(new TextEncoder().encode(secret));
}
