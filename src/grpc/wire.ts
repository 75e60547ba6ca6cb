/** Room for an order with many lines; a larger message makes it grow. */
const USUAL_BYTES = 16_384;

/** Nothing is awaited between the start of a message and its end, so one buffer serves all. */
let out = Buffer.allocUnsafe(USUAL_BYTES);
let at = 0;

/** Begins the bytes of a message; whatever an earlier one left behind is gone. */
export function startMessage(): void {
  at = 0;
}

/** The bytes written since the start of the message, in memory of their own. */
export function takeMessage(): Uint8Array {
  const bytes = Buffer.allocUnsafe(at);
  out.copy(bytes, 0, 0, at);
  // What a rare large message took is given back.
  if (out.length > 16 * USUAL_BYTES) out = Buffer.allocUnsafe(USUAL_BYTES);
  return bytes;
}

/** Writes an integer, seven bits a byte. Below zero it takes ten bytes, as in 64 bits. */
export function writeInteger(value: number): void {
  makeRoom(LONGEST_INTEGER);
  if (value < 0) return writeNegative(BigInt.asUintN(64, BigInt(value)));
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 128;
  out[at++] = rest;
}

const LONGEST_INTEGER = 10;

function writeNegative(value: bigint): void {
  let rest = value;
  for (; rest > 127n; rest >>= 7n) out[at++] = Number(rest & 127n) | 128;
  out[at++] = Number(rest);
}

/** Writes a truth value. */
export function writeBool(value: boolean): void {
  makeRoom(1);
  out[at++] = value ? 1 : 0;
}

/** Writes bytes after their number. */
export function writeBytes(bytes: Uint8Array): void {
  writeInteger(bytes.length);
  makeRoom(bytes.length);
  out.set(bytes, at);
  at += bytes.length;
}

/** Writes a text after the number of its bytes in UTF-8. */
export function writeString(text: string): void {
  const { length } = text;
  makeRoom(length * 3 + LONGEST_INTEGER);
  // Most texts are short and ASCII: their bytes are counted before they are written.
  if (length < 128 && writeAscii(text, length)) return;
  writeInteger(Buffer.byteLength(text));
  at += out.write(text, at, 'utf8');
}

function writeAscii(text: string, length: number): boolean {
  let to = at + 1;
  for (let from = 0; from < length; from += 1) {
    const code = text.charCodeAt(from);
    if (code > 127) return false;
    out[to++] = code;
  }
  out[at] = length;
  at = to;
  return true;
}

/** Writes what `write` writes after the number of its bytes. */
export function writeNested(write: () => void): void {
  makeRoom(1);
  const start = at;
  at += 1;
  write();
  const length = at - start - 1;
  if (length < 128) {
    out[start] = length;
    return;
  }
  // The number takes more room than was left for it.
  const more = length < 128 ** 2 ? 1 : length < 128 ** 3 ? 2 : 3;
  makeRoom(more);
  out.copyWithin(start + 1 + more, start + 1, at);
  at = start;
  writeInteger(length);
  at += length;
}

function makeRoom(bytes: number): void {
  if (at + bytes <= out.length) return;
  const larger = Buffer.allocUnsafe(Math.max(out.length * 2, at + bytes));
  out.copy(larger, 0, 0, at);
  out = larger;
}
