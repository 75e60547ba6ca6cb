import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { CheckedLine } from '../../domain/import.ts';
import type { ReferencedLine } from '../../repositories/import-uploads.ts';

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/** Shares of a file, each of which is read back at once: two megabytes of the largest file. */
const SHARES = 64;

/** Characters of a share that are compressed at once: a millisecond's work of another thread. Fewer take as long to set it up as to do it. */
const CHARACTERS_AT_ONCE = 128 * 1024;

/** The fastest: the file is read back within the same request. */
const LEVEL = 1;

/** An order of a file, wherever its lines stand. */
export interface HeldOrder {
  readonly reference: string;
  /** The first of its lines, as many as were to be kept. */
  readonly lines: readonly CheckedLine[];
  readonly lineCount: number;
}

/** Holds the lines of a file and gives them back by order. */
export interface LineHolder {
  readonly add: (lines: readonly ReferencedLine[]) => Promise<void>;
  /** Every order once, some at a time; a line without a reference is an order of its own. Each order has at most `maxLines` lines. */
  readonly orders: (maxLines: number) => AsyncGenerator<readonly HeldOrder[]>;
}

/** A line without the names of its fields, which would be a third of its text. */
type PackedLine = [ReferencedLine['line'], string, ReferencedLine['cells'], ReferencedLine['faults']];

/** Holds lines compressed in memory, less than the file's own size: nothing of them is written anywhere. */
export function holdLines(): LineHolder {
  const shares = Array.from({ length: SHARES }, () => ({ packed: [] as Buffer[], texts: [] as string[], length: 0 }));
  // Whoever writes the file can't put all of it into one share.
  const seed = randomInt(2 ** 31);
  const pack = async (share: (typeof shares)[number]) => {
    const text = share.texts.join();
    [share.texts, share.length] = [[], 0];
    share.packed.push(await compress(text, { level: LEVEL }));
  };
  return {
    add: async (lines) => {
      for (const line of lines) {
        const share = shares[hash(line.reference === '' ? String(line.line) : line.reference, seed) % SHARES];
        if (!share) continue;
        const text = JSON.stringify([line.line, line.reference, line.cells, line.faults] satisfies PackedLine);
        share.texts.push(text);
        share.length += text.length;
        // oxlint-disable-next-line no-await-in-loop -- holds back the reader of the file
        if (share.length > CHARACTERS_AT_ONCE) await pack(share);
      }
    },
    orders: async function* (maxLines) {
      for (const share of shares) {
        await pack(share);
        const orders = new Map<string | number, { reference: string; lines: CheckedLine[]; lineCount: number }>();
        for (const packed of share.packed) {
          const lines = JSON.parse(`[${(await decompress(packed)).toString()}]`) as PackedLine[];
          for (const [line, reference, cells, faults] of lines) {
            keep(orders, { line, reference, cells, faults }, maxLines);
          }
        }
        share.packed = [];
        yield* splitOrders(orders);
      }
    },
  };
}

/** What is made of the lines of an order takes several times their memory, so that only some of a share are given at a time, and are held no more then. */
const ORDERS_AT_ONCE = 1_000;

function* splitOrders(orders: Map<string | number, HeldOrder>): Generator<readonly HeldOrder[]> {
  let some: HeldOrder[] = [];
  for (const [key, order] of orders) {
    orders.delete(key);
    some.push(order);
    if (some.length < ORDERS_AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function keep(
  orders: Map<string | number, { reference: string; lines: CheckedLine[]; lineCount: number }>,
  { reference, ...line }: ReferencedLine,
  maxLines: number,
): void {
  const key = reference === '' ? line.line : reference;
  const known = orders.get(key);
  if (!known) orders.set(key, { reference, lines: [line], lineCount: 1 });
  else {
    known.lineCount += 1;
    if (known.lines.length < maxLines) known.lines.push(line);
  }
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
