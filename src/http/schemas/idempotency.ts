import { z } from '@hono/zod-openapi';

/** The header by which a request that is sent again is known. */
export const idempotencyHeader = z
  .string()
  .regex(/^[ -~]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
  .optional()
  .openapi({ description: 'The same key and body bring the same order and answer, however often they are sent.' });
