/**
 * The text as searches compare it: in lower case and without accents, as the function `search_fold` of the database writes it.
 * Only its length is taken from here, so that the database alone decides what is equal.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae');
}
