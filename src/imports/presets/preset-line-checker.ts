import { holdsCardNumber, maskCardNumbers } from '../../domain/card-number.ts';
import { presetFields, type PresetField } from '../../domain/preset-fields.ts';
import type { FileReading } from '../../domain/preset.ts';
import type { ReferencedLine } from '../../repositories/import-uploads.ts';
import {
  CUT_SHORT,
  holdsCard,
  INDEXABLE_CHARACTERS,
  isCutShort,
  lacksReference,
  securityCodeColumns,
  tooWide,
  widthTest,
  type LineChecker,
} from '../check-lines.ts';
import { headerTest } from '../header-test.ts';
import type { CsvRow } from '../parse-csv.ts';
import { workInTurns } from '../work-in-turns.ts';
import { collectEvidence, type ShownConventions } from './evidence.ts';
import { cleanCell } from './cell-text.ts';
import { columnsOf, packedColumns } from './map-preset.ts';
import { numberedLines } from './numbered-lines.ts';
import { rowTest } from './row-conditions.ts';

/** What is checked of the lines of a file that a preset reads, and what they show of its conventions once all have been read. */
export interface PresetLineChecker extends LineChecker {
  readonly conclude: () => ShownConventions;
}

/**
 * Takes the rows of a preset's file in their order: leaves out those that are no part of any order, gives those without a reference to the order above,
 * masks what may not be kept, and collects how the file writes numbers and dates.
 */
export function createPresetLineChecker(
  { preset, sources }: Pick<FileReading, 'preset' | 'sources'>,
  header: readonly string[],
): PresetLineChecker {
  const used = usedColumns([sources, ...numberedLines(preset, header)], packedColumns(preset, header));
  const unkept = securityCodeColumns(header, used);
  const evidence = collectEvidence({ preset, sources }, header);
  const isSkipped = rowTest(preset.rows?.skip, header);
  const isHeader = headerTest(header);
  const belongsAbove = preset.rows?.without_reference !== 'refuse';
  const numbersOfOrders = new Set(columnsOf(sources.order_reference));
  const maskCells = cellMasker({ used, unkept, numbersOfOrders });
  const isTooWide = widthTest(header.length);
  let above = '';

  const read = (row: CsvRow): FaultedLine | undefined => {
    if (isSkipped(row.cells) || isHeader(row.cells)) return undefined;
    const { cells, faults } = maskCells(row.cells);
    evidence.note(cells);
    if (row.isCutOff && isCutShort(row.cells, header.length, used)) faults.push(CUT_SHORT);
    if (isTooWide(row.cells)) faults.push(tooWide(row.cells, header.length));
    const reference = referenceOf(cells, sources);
    if (reference !== '') above = reference;
    const ofOrder = reference === '' && belongsAbove ? above : reference;
    if (ofOrder === '') faults.push(`has no order number${belongsAbove ? ', and there is no order above it' : ''}`);
    return { line: row.line, cells, faults, reference: ofOrder };
  };
  let held: FaultedLine | undefined;

  return {
    check: async (rows) => {
      const lines: ReferencedLine[] = [];
      await workInTurns(rows, (row) => {
        const line = read(row);
        if (!line) return;
        if (held) {
          noteNeighbour(held, line);
          lines.push(held);
        }
        held = line;
      });
      return lines;
    },
    finish: () => (held ? [held] : []),
    conclude: evidence.conclude,
  };
}

interface FaultedLine extends ReferencedLine {
  readonly faults: string[];
}

/** A row without a reference may belong to the order above it or to the one below it; either would lack a line without it. */
function noteNeighbour(one: FaultedLine, next: FaultedLine): void {
  if (next.reference === '' && one.reference !== '') one.faults.push(lacksReference(next.line));
  if (one.reference === '' && next.reference !== '') next.faults.push(lacksReference(one.line));
}

/** The field of each column that is read. */
function usedColumns(
  sources: readonly FileReading['sources'][],
  packed: readonly number[],
): ReadonlyMap<number, PresetField> {
  const fields = presetFields.flatMap((field) =>
    sources.flatMap((one) => columnsOf(one[field]).map((column) => [column, field] as const)),
  );
  return new Map([...packed.map((column) => [column, 'sku'] as const), ...fields]);
}

interface Columns {
  readonly used: ReadonlyMap<number, PresetField>;
  readonly unkept: ReadonlySet<number>;
  /** Columns of marketplaces' order numbers, which may look like those of cards. */
  readonly numbersOfOrders: ReadonlySet<number>;
}

/** Masks the cells of a file's rows in their order. */
function cellMasker({ used, unkept, numbersOfOrders }: Columns) {
  // The rows of an order repeat most of its cells: of each column the last one that holds no card number.
  const harmless: string[] = [];
  return (row: readonly string[]) => {
    const faults: string[] = [];
    const cells: string[] = [];
    for (const [column, cell] of row.entries()) {
      if (cell.length < MIN_CARD_CHARACTERS && !unkept.has(column)) {
        cells.push(cell);
      } else if (unkept.has(column)) {
        cells.push('');
      } else if (cell === harmless[column] || numbersOfOrders.has(column)) {
        cells.push(cell);
      } else if (!holdsCardNumber(cell)) {
        harmless[column] = cell;
        cells.push(cell);
      } else {
        const field = used.get(column);
        if (field !== undefined && !namesOfThings.has(field)) faults.push(holdsCard(field));
        cells.push(maskCardNumbers(cell));
      }
    }
    return { cells, faults };
  };
}

/** A shorter cell holds no card number; one character may stand for two digits. */
const MIN_CARD_CHARACTERS = 7;

/** Numbers of carriers and payment services: what looks like a card number in them is masked, and no fault. */
const namesOfThings: ReadonlySet<PresetField> = new Set(['tracking_number', 'payment_reference']);

function referenceOf(cells: readonly string[], sources: FileReading['sources']): string {
  const source = sources.order_reference;
  if (source === undefined) return '';
  if (source.kind === 'value') return source.value;
  const parts = source.columns
    .map((column) => cleanCell(cells[column]).replace(/^'+/, ''))
    .filter((text) => text !== '');
  const reference = source.kind === 'joined' ? parts.join(source.with) : (parts[0] ?? '');
  return reference.slice(0, INDEXABLE_CHARACTERS);
}
