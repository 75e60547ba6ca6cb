import { Refusal } from '../domain/refusal.ts';
import { BACKSLASH, COMMA, isClosing, isOpening, OPENING_BRACKET, QUOTE } from '../orders/json-characters.ts';

/** What is around a thousand orders takes two thousand. */
const MAX_FRAME_BYTES = 10_000;

/** The levels of `{"orders": [order, …]}` around an order. */
const LEVELS_AROUND = 2;

/** Takes a batch apart while it comes. */
export interface BatchSplitter {
  /** The JSON of each order that a piece completes, as yet unparsed. */
  readonly push: (piece: Uint8Array) => Buffer[];
  /** The batch with a 0 in place of each order: whether it is one shows when all of it has come. */
  readonly frame: () => string;
}

/**
 * A splitter of JSON, which parsed as one would keep everybody else waiting. What is inside an order is for the parser to judge. Throws VALIDATION
 * for an order of more than `maxBytes`, and for more around the orders than a batch has.
 */
export function createBatchSplitter(maxBytes: number): BatchSplitter {
  const held: Uint8Array[] = [];
  const frame: number[] = [];
  const scanner = createScanner();
  let heldBytes = 0;
  let orders = 0;
  let isInOrder = false;
  let isList = false;

  const hold = (bytes: Uint8Array) => {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes > maxBytes) throw badPart(`/orders/${orders}`, `must be at most ${maxBytes} bytes`);
  };
  const take = (): Buffer => {
    const order = Buffer.concat(held.splice(0));
    heldBytes = 0;
    orders += 1;
    isInOrder = false;
    return order;
  };
  const addToFrame = (byte: number) => {
    frame.push(byte);
    if (frame.length > MAX_FRAME_BYTES) throw badPart('', 'must have the field "orders", and nothing else');
  };

  const push = (piece: Uint8Array): Buffer[] => {
    const complete: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      const { level, isInString } = scanner.step(byte);
      if (level === LEVELS_AROUND - 1 && isOpening(byte) && !isInString) isList = byte === OPENING_BRACKET;
      const isBlank = !isInString && isWhiteSpace(byte);
      const isParting = level === LEVELS_AROUND && byte === COMMA && !isInString;
      if (isList && level >= LEVELS_AROUND && !isParting) {
        if (!isInOrder && !isBlank) [isInOrder, from] = [true, at];
        continue;
      }
      if (isInOrder) {
        hold(piece.subarray(from, at));
        complete.push(take());
        addToFrame(0x30);
      }
      if (!isBlank) addToFrame(byte);
    }
    if (isInOrder) hold(piece.subarray(from));
    return complete;
  };
  return { push, frame: () => Buffer.from(frame).toString() };
}

/** Tells of each byte of JSON how many brackets it is inside of, its own not counted, and whether it is in a text. */
function createScanner() {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  const told = { level: 0, isInString: false };
  return {
    step: (byte: number) => {
      told.level = depth;
      told.isInString = isInString;
      if (isInString) {
        if (byte === QUOTE && !isEscaped) isInString = false;
        isEscaped = byte === BACKSLASH && !isEscaped;
      } else if (byte === QUOTE) {
        isInString = true;
      } else if (isOpening(byte)) {
        depth += 1;
      } else if (isClosing(byte)) {
        depth -= 1;
        told.level = depth;
      }
      return told;
    },
  };
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function badPart(pointer: string, message: string): Refusal {
  return new Refusal('VALIDATION', `The body ${message}.`, { details: [{ pointer, message }] });
}
