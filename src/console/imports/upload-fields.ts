import type { Operations } from '../../client/client.ts';

type Options = Omit<Operations['createImport']['request'], 'body' | 'headers'>;

/** What is said of a file in the console, and means the same to the API. */
const plainNames = [
  'currency',
  'country',
  'customer_id',
  'payment_method',
  'source',
  'preset',
  'delimiter',
  'decimal',
  'date_format',
  'time_zone',
  'prices',
  'tolerance',
  'file_name',
] as const;

/** What is said of orders that are taken in as they stood. */
const historyNames = ['unpaid', 'take_stock'] as const;

const missingKinds = ['customers', 'products'] as const;

/** The API's options of an import, of the fields of the form as they stand in a query; what was left empty is left out. Throws nothing: the API judges. */
export function importOptionsOf(query: URLSearchParams): Options {
  const mode = query.get('mode') === 'history' ? 'history' : 'new';
  const names = [...plainNames, ...(mode === 'history' ? historyNames : [])];
  const created = missingKinds.filter((kind) => query.has(`create_${kind}`)).join(',');
  const given = names.flatMap((name) => {
    const value = query.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    mode,
    ...Object.fromEntries([...given, ...columnsOf(query.get('columns') ?? '')]),
    ...(created !== '' && { create_missing: created }),
  };
}

/** `sku=Artikel` on a line of its own, as the parameter `column.sku`. */
function columnsOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [, field = '', header = ''] = /^\s*([a-z_0-9]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return field === '' ? [] : [[`column.${field}`, header] as const];
  });
}

/** The type of the file, with the encoding that somebody has named. */
export function contentTypeOf(query: URLSearchParams): string {
  const encoding = query.get('encoding')?.trim() ?? '';
  return /^[\w-]+$/.test(encoding) ? `text/csv; charset=${encoding}` : 'text/csv';
}
