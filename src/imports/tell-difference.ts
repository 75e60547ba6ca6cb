import type { ImportFailure } from '../domain/import.ts';

/** What is compared of an order, as text. */
export type ComparedFields = Readonly<Record<string, string>>;

/** The code of an order that was not refused, and of which the file says something else than the books. */
const DIFFERS = 'DIFFERS';

/** In which of the fields that the file states an order differs from it, with both values; null when in none. `happened` is the sentence that says what became of it. */
export function tellDifference(ours: ComparedFields, file: ComparedFields, happened: string): ImportFailure | null {
  const details = Object.entries(file).flatMap(([field, theirs]) => {
    const own = ours[field] ?? '';
    return own === theirs ? [] : [{ field, ours: own, file: theirs }];
  });
  if (details.length === 0) return null;
  const fields = details.map(({ field }) => field).join(', ');
  return { code: DIFFERS, message: `${happened}; the file differs in ${fields}.`, details };
}
