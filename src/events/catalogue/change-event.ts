import { z } from 'zod';
import { changeFields, exampleOrder } from './fields.ts';

const exampleChange = {
  ...exampleOrder,
  from: 'PENDING',
  payment_status: 'CAPTURED',
  saga_state: 'COMPLETED',
  actor: 'system:saga',
  reason: null,
} as const;

/** The schema of a change's event: what happened, what it tells beside the order, and how its example differs from a confirmed order. */
export function change<Shape extends z.ZodRawShape>(description: string, shape: Shape, example: object = {}) {
  return z
    .object(changeFields)
    .extend(shape)
    .meta({ description, examples: [{ ...exampleChange, ...example }] });
}
