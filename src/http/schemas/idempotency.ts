import { idempotencyKey } from '../../orders/text-schemas.ts';

/** The header by which a request that is sent again is known. */
export const idempotencyHeader = idempotencyKey
  .optional()
  .openapi({ description: 'The same key and body bring the same order and answer, however often they are sent.' });
