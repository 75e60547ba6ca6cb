import { faultsOf, invalidPart } from '../orders/check-request.ts';
import { idempotencyKey } from '../orders/text-schemas.ts';
import type { CallMetadata } from './call.ts';

/** The key under which a call may be sent again, if it came with one. Throws VALIDATION for one that is none. */
export function readIdempotencyKey({ requestHeader }: Pick<CallMetadata, 'requestHeader'>): string | undefined {
  const key = requestHeader.get('idempotency-key');
  if (key === null) return undefined;
  const checked = idempotencyKey.safeParse(key);
  if (checked.success) return checked.data;
  throw invalidPart(
    'The metadata',
    faultsOf(checked.error, () => ({ header: 'Idempotency-Key' })),
  );
}
