import type { Import, ImportDryRun } from '../../client/client.ts';
import { html, nothing, type Html } from '../ui/html.ts';
import { wordsOf } from '../ui/words.ts';
import { table } from './table.ts';

type Reading = Pick<Import, 'recognised' | 'columns' | 'conventions'> & Partial<Pick<ImportDryRun, 'assumed'>>;

/** As which system's file it is read, and how it writes numbers and dates. */
export function readingWords({ recognised, conventions }: Reading): Html {
  const written = conventions && [
    ...(conventions.decimal === null ? [] : [['Decimal sign', `“${conventions.decimal}”`] as const]),
    ...(conventions.dates === null ? [] : [['Dates', conventions.dates] as const]),
    ['Time zone', conventions.time_zone] as const,
  ];
  return html`Recognised as <b>${recognised ?? 'unknown'}</b>${recognised === 'orders' ? ', our own header' : ''}.
    ${written ? html`${written.map(([what, how]) => `${what}: ${how}`).join(' · ')}.` : nothing}`;
}

/** Which column is taken for what, and what is taken for fields that no column states. */
export function readingTable({ columns, assumed = {} }: Reading): Html {
  const fields: readonly (readonly [string, string])[] = [
    ...Object.entries(columns).map(([field, headers]) => [field, headers.join(', ')] as const),
    ...Object.entries(assumed).map(([field, value]) => [field, `${value}, where the file says none`] as const),
  ];
  return table('Columns', ['Field', 'Taken from'], fields, ([field, from]) => [html`${wordsOf(field)}`, html`${from}`]);
}
