import { hasRole, type Caller, type Role } from '../domain/caller.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Authenticate } from './authenticate.ts';
import { UnauthenticatedError } from './request-error.ts';

/**
 * Finds the caller by the `authorization` that came with a request. Rejects with `UnauthenticatedError`; `countFailure` is called first, and may
 * reject, unless the token was valid once: its bearer is not guessing tokens, and only has to fetch a new one.
 */
export async function identifyCaller(
  authenticate: Authenticate,
  authorization: string | undefined,
  countFailure: () => Promise<unknown>,
): Promise<Caller> {
  try {
    return await authenticate(authorization);
  } catch (error) {
    if (error instanceof UnauthenticatedError && error.token !== 'expired') await countFailure();
    throw error;
  }
}

/** The refusal of a caller who has none of the roles; `undefined` for one who has. */
export function refuseWithoutRole(caller: Caller, roles: readonly Role[]): Refusal | undefined {
  if (hasRole(caller, roles)) return undefined;
  return new Refusal('FORBIDDEN', `This takes one of the roles ${roles.join(', ')}.`);
}
