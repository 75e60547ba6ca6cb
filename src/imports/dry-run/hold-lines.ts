import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { CheckedLine } from '../../domain/import.ts';
import type { ReferencedLine } from '../../repositories/import-uploads.ts';

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/** Shares of a file, each of which is read back at once: two megabytes of the largest file. */
const SHARES = 64;

/** Bytes of a share that are compressed at once: a millisecond's work of another thread. Fewer take as long to set it up as to do it. */
const BYTES_AT_ONCE = 128 * 1024;

/** Of a character, at most. */
const CHARACTER_BYTES = 3;

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

/** A part of a file: what is compressed already, and lines that wait for more. */
interface Share {
  packed: Uint8Array[];
  /** Outside of the heap, where lines would outlive the collection of what is young. */
  readonly waiting: Buffer;
  /** Bytes of it that are used. */
  length: number;
}

/** Holds lines compressed in memory, less than the file's own size: nothing of them is written anywhere. */
export function holdLines(): LineHolder {
  const shares = Array.from({ length: SHARES }, (): Share => {
    return { packed: [], waiting: Buffer.allocUnsafeSlow(BYTES_AT_ONCE), length: 0 };
  });
  // Whoever writes the file can't put all of it into one share.
  const seed = randomInt(2 ** 31);
  return {
    add: async (lines) => {
      for (const line of lines) {
        const share = shares[hash(line.reference === '' ? String(line.line) : line.reference, seed) % SHARES];
        if (!share) continue;
        const text = JSON.stringify([line.line, line.reference, line.cells, line.faults] satisfies PackedLine);
        const mostBytes = (text.length + SEPARATOR.length) * CHARACTER_BYTES;
        // oxlint-disable-next-line no-await-in-loop -- holds back the reader of the file
        if (share.length + mostBytes > BYTES_AT_ONCE) await packWaiting(share);
        // oxlint-disable-next-line no-await-in-loop -- the same
        if (mostBytes > BYTES_AT_ONCE) share.packed.push(await pack(text));
        else share.length += share.waiting.write(text + SEPARATOR, share.length);
      }
    },
    orders: async function* (maxLines) {
      for (const share of shares) {
        await packWaiting(share);
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

const SEPARATOR = ',';

async function packWaiting(share: Share): Promise<void> {
  if (share.length > 0) share.packed.push(await pack(share.waiting.subarray(0, share.length - SEPARATOR.length)));
  share.length = 0;
}

/** A copy, since what zlib gives is a part of a buffer of several times its size. */
async function pack(lines: string | Buffer): Promise<Uint8Array> {
  return new Uint8Array(await compress(lines, { level: LEVEL }));
}

/** What is made of the lines of an order takes several times their memory, so that only some of a share are given at a time, and are held no more then. */
const ORDERS_AT_ONCE = 250;

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
