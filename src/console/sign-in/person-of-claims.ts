import type { ProviderConfig } from '../../config.ts';
import type { Role } from '../../domain/caller.ts';
import type { Person } from './session.ts';

/** What a provider says of somebody: claims of the ID token, and those of the user info after them. */
export type Claims = Readonly<Record<string, unknown>>;

/** Longer than any identifier or name that a provider has; it is shown and recorded. */
const MAX_TEXT = 255;

/** Who signs in by these claims, with the roles that the mapping gives; `undefined` when the claim that names people has no usable text. */
export function personOfClaims(
  claims: Claims,
  { subjectClaim, rolesClaim, roles }: Pick<ProviderConfig, 'subjectClaim' | 'rolesClaim' | 'roles'>,
): Person | undefined {
  const subject = textOf(claims[subjectClaim]);
  if (subject === undefined) return undefined;
  const name = textOf(claims['name']) ?? textOf(claims['email']) ?? subject;
  const claimed = [readPath(claims, rolesClaim)].flat();
  const held = new Set<Role>();
  for (const value of claimed) {
    const role = typeof value === 'string' ? roles.get(value) : undefined;
    if (role) held.add(role as Role);
  }
  return { subject, name, roles: [...held] };
}

/** A claim by its name, or one inside an object, as in `realm_access.roles`. */
function readPath(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_TEXT || !/^[^\p{C}]*[^\p{C}\s][^\p{C}]*$/u.test(value))
    return undefined;
  return value;
}
