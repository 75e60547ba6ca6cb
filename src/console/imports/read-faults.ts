import { parse } from 'csv-parse/sync';

/** A row of a file that failed. */
export interface ImportFault {
  readonly line: string;
  readonly code: string;
  readonly message: string;
  readonly orderId: string;
  /** What the row held, by its header. */
  readonly cells: readonly (readonly [string, string])[];
}

/** Rows that are shown; the file has all of them. */
const SHOWN = 20;

/** More than that many rows take, unless their cells are enormous. */
const MAX_TEXT = 64_000;

/** The first rows of an errors file; what follows is not read. Undefined when the rows are no longer kept. */
export async function readFaults(answer: Response): Promise<readonly ImportFault[] | undefined> {
  if (!answer.ok || !answer.body) return undefined;
  const text = await readBeginning(answer.body);
  const isWhole = text.length < MAX_TEXT;
  const rows = parse(text, {
    delimiter: [',', ';', '\t', '|'].toSorted((a, b) => countIn(text, b) - countIn(text, a)).slice(0, 1),
    relax_column_count: true,
    relax_quotes: true,
    to: SHOWN + 1,
  });
  const [header = [], ...lines] = isWhole ? rows : rows.slice(0, -1);
  return lines.map((cells) => toFault(header, cells));
}

function countIn(text: string, mark: string): number {
  return (text.split('\n', 1)[0] ?? '').split(mark).length;
}

async function readBeginning(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    // Leaving the loop cancels the rest.
    if (text.length >= MAX_TEXT) break;
  }
  return text;
}

function toFault(header: readonly string[], cells: readonly string[]): ImportFault {
  const of = (name: string) => cells[header.indexOf(name)] ?? '';
  return {
    line: of('error_line'),
    code: of('error_code'),
    message: of('error_message'),
    orderId: of('error_order_id'),
    cells: header.flatMap((name, index) => (name.startsWith('error_') ? [] : [[name, cells[index] ?? ''] as const])),
  };
}
