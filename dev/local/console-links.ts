import { staff } from '../../src/domain/caller.ts';
import { signToken, type TokenSettings } from '../../src/cli/local-system/sign-token.ts';

/** An address that signs its reader in to the console. */
export interface ConsoleLink {
  readonly role: string;
  readonly url: string;
}

/** Long enough to read what was printed and to come back to it; `npm run -s console-links` prints new ones. */
const VALID_MS = 60 * 60_000;

/** A link for each role of staff, valid for an hour. */
export async function makeConsoleLinks(apiUrl: string, settings: TokenSettings): Promise<ConsoleLink[]> {
  return await Promise.all(
    staff.map(async (role) => {
      const token = await signToken({ sub: `local-${role}`, roles: [role], expiresMs: VALID_MS }, settings);
      return { role, url: `${apiUrl}/console/sign-in/token?token=${token}` };
    }),
  );
}
