import { z } from '@hono/zod-openapi';

/** The header by which a change only happens to the version of the order that its sender has seen (RFC 9110, 13.1.1). */
export const ifMatchHeader = z
  .string()
  .regex(/^(\*|(W\/)?"\d{1,9}")$/, 'must be an entity tag of the order, such as "3", or *')
  .optional()
  .openapi({
    description: "The order's `ETag`; the change is refused with 412 when it has another by now.",
    example: '"3"',
  });

/** The version that must still be the order's; none when any will do. */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  const digits = ifMatch && /\d+/.exec(ifMatch)?.[0];
  return digits ? Number(digits) : undefined;
}
