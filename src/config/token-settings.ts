import type { z } from 'zod';
import type { environment } from './environment.ts';

type Keys = Pick<z.output<typeof environment>, 'JWT_SECRET' | 'JWKS_URL'>;
/** Whether there is a way to check tokens. */
export const canTokensBeChecked = (e: Keys) => e.JWT_SECRET !== undefined || e.JWKS_URL !== undefined;
/** The problem when there is none. */
export const tokensNotChecked = {
  path: ['JWT_SECRET'],
  message: 'is not set, and neither is JWKS_URL: tokens are checked with one of them',
  // Named together with all else that is missing.
  when: () => true,
};
