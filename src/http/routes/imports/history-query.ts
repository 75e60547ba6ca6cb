import { z } from '@hono/zod-openapi';
import { importModes } from '../../../domain/import-columns.ts';
import { unpaidOrders } from '../../../domain/order-standing.ts';
import { invalidRequest } from '../../../domain/refusal.ts';
import type { FileFormat } from '../../../imports/read-order-lines.ts';

/** What a caller says of orders that are taken in as they stood. */
export const historyQuery = {
  mode: z
    .enum(importModes)
    .default('new')
    .openapi({
      description:
        '`new` places the orders. `history` takes them in as they stood, with their dates and states: nothing is charged, reserved or told. ' +
        'What is paid and not shipped goes on as a confirmed order, whose payment is `external`.',
    }),
  unpaid: z
    .enum(unpaidOrders)
    .optional()
    .openapi({
      description:
        'In `history`: what becomes of orders that were neither paid nor shipped. `wait`, the default: each waits until staff resolves its ' +
        '`chargePayment` once it is paid; `cancel`: they are cancelled.',
    }),
  take_stock: z.enum(['true', 'false']).optional().openapi({
    description:
      'In `history`: `true` takes the goods of orders that are not shipped out of stock; an order whose goods are not there is refused.',
  }),
};

type HistoryQuery = z.output<z.ZodObject<typeof historyQuery>>;

/** How the orders of a file are taken in. Throws VALIDATION for what means nothing where they are placed. */
export function takingInOf({
  mode,
  unpaid,
  take_stock: takeStock,
}: HistoryQuery): Pick<FileFormat, 'mode' | 'takingIn'> {
  if (mode === 'history') {
    return { mode, takingIn: { takeStock: takeStock === 'true', unpaid: unpaid ?? 'wait' } };
  }
  const given = Object.entries({ unpaid, take_stock: takeStock }).filter(([, value]) => value !== undefined);
  const details = given.map(([parameter]) => ({ parameter, message: 'is for mode=history' }));
  const [first] = details;
  if (!first) return { mode };
  throw invalidRequest(details.map(({ parameter, message }) => ({ pointer: '', message: `${parameter} ${message}` })));
}
