/** A page of a list, and its last row if there is another page: of what was read with one row more than the page holds. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
): { readonly page: Row[]; readonly last: Row | undefined } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? page.at(-1) : undefined };
}
