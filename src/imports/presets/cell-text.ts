import type { ColumnSource } from '../../domain/preset.ts';
import { unescapeFormula } from '../escape-formula.ts';

/** The text of a source in a row; empty where it states none. Sums are not texts. */
export function sourceText(source: ColumnSource | undefined, cells: readonly string[]): string {
  if (source === undefined) return '';
  if (source.kind === 'value') return source.value;
  if (source.kind === 'joined') {
    return source.columns
      .map((column) => cleanCell(cells[column]))
      .filter((text) => text !== '')
      .join(source.with);
  }
  for (const column of source.columns) {
    const text = cleanCell(cells[column]);
    if (text !== '') return text;
  }
  return '';
}

/** A cell as it was meant: `="00501"` is how some systems make a spreadsheet keep a text, and `--` is what others write where there is none. */
export function cleanCell(cell: string | undefined): string {
  if (cell === undefined || cell === '') return '';
  const text = withoutMarks(unescapeFormula(cell)).trim();
  return text.startsWith('="') ? (/^="(.*)"$/s.exec(text)?.[1] ?? text).trim() : unlessDashes(text);
}

/** Invisible characters that set the writing direction. Phones and office programs put them around copied text. */
const MARKS = /^[\s\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+|[\s\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+$/g;
const HAS_MARK = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/;

function withoutMarks(text: string): string {
  return HAS_MARK.test(text) ? text.replaceAll(MARKS, '') : text;
}

const MAX_DASHES = 3;

/** A text, or none where it is only dashes. */
export function unlessDashes(text: string): string {
  return text.length <= MAX_DASHES && /^[-–—]+$/.test(text) ? '' : text;
}
