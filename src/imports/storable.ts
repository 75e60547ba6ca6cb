/** An order has three levels; deeper JSON is no order. */
const MAX_DEPTH = 8;

/** Whether PostgreSQL can store this JSON, which must not hold NUL or lone surrogates, and whether it is nested at most {@link MAX_DEPTH} deep. */
export function isStorable(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    if (!level.every(isStorableText)) return false;
    level = level.flatMap(inside);
  }
  return true;
}

function isStorableText(value: unknown): boolean {
  return typeof value !== 'string' || (!value.includes('\0') && value.isWellFormed());
}

function inside(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
}
