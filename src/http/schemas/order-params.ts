import { z } from '@hono/zod-openapi';

/** The path parameters of every route below one order. */
export const orderParams = z.object({
  id: z.string().openapi({
    param: { name: 'id', in: 'path' },
    description: "The order's id or order number.",
    example: 'ORD-00000042',
  }),
});
