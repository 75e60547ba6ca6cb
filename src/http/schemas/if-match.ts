import { z } from '@hono/zod-openapi';

/** `*`, or a list of entity tags (RFC 9110, 5.6.1 and 8.8.3), which may have empty entries. */
const ENTITY_TAGS =
  /^[\t ]*\*[\t ]*$|^[\t ,]*(W\/)?"[!#-~\u0080-\u00ff]*"([\t ]*,[\t ,]*(W\/)?"[!#-~\u0080-\u00ff]*")*[\t ,]*$/;

/** The header by which a change only happens to the version of the order that its sender has seen (RFC 9110, 13.1.1). */
export const ifMatchHeader = z
  .string()
  .max(1_000)
  .regex(ENTITY_TAGS, 'must be entity tags such as "3", "4", or *')
  .optional()
  .openapi({
    description:
      "The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.",
    example: '"3"',
  });

/** The version that no order has. */
const NO_VERSION = 0;

/**
 * The version that must still be the order's when the change is made, given its `current` one; none when any will do. When the header has
 * no strong tag of the current version, it is one that the order doesn't have.
 */
export function expectedVersion(ifMatch: string | undefined, current: number): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const strong = [...ifMatch.matchAll(/(W\/)?("[^"]*")/g)].flatMap(([, weak, tag]) => (weak === undefined ? tag : []));
  return strong.includes(`"${current}"`) ? current : (strong.map(versionOf).find(Boolean) ?? NO_VERSION);
}

function versionOf(tag: string | undefined): number | undefined {
  const digits = /^"([1-9]\d{0,8})"$/.exec(tag ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
