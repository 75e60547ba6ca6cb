import { Refusal } from '../domain/refusal.ts';
import { fileKind } from './file-kind.ts';

/** Encodings that a caller may state; without one it is detected from the bytes. */
export const encodings = ['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16le', 'utf-16be'] as const;

export type Encoding = (typeof encodings)[number];

/**
 * Decodes bytes as they come: by their byte order mark of UTF-16, else as `stated`, else as UTF-8; if some byte is not UTF-8, and nothing beyond
 * ASCII is, as Windows-1252, which contains Latin-1. Throws VALIDATION when the bytes are none of these for certain, or no text.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>, stated?: Encoding): AsyncGenerator<string> {
  let decode: ((bytes: Uint8Array, last: boolean) => string) | undefined;
  let held: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // A byte order mark takes up to three bytes.
    if (decode === undefined && bytes.length < 3) {
      held = bytes;
      continue;
    }
    held = new Uint8Array();
    decode ??= decoderFor(bytes, stated);
    yield requireText(decode(bytes, false));
  }
  decode ??= decoderFor(held, stated);
  yield requireText(decode(held, true));
}

function decoderFor(start: Uint8Array, stated: Encoding | undefined) {
  const kind = fileKind(start);
  if (kind !== undefined) {
    throw notText(`It is ${kind}: ${kind.endsWith('archive') ? 'unpack it, or save it as CSV' : 'save it as CSV'}.`);
  }
  const marked =
    start[0] === 0xff && start[1] === 0xfe
      ? 'utf-16le'
      : start[0] === 0xfe && start[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const encoding = marked ?? stated;
  if (encoding !== undefined && encoding !== 'utf-8') return plainDecoder(encoding);
  const isMarked = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  return utf8Decoder(stated === undefined && !isMarked);
}

function plainDecoder(encoding: Encoding) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes: Uint8Array, last: boolean) => {
    try {
      return decoder.decode(bytes, { stream: !last });
    } catch {
      throw notText(`It is not valid ${encoding}: state its charset in Content-Type.`);
    }
  };
}

function utf8Decoder(mayBeWindows1252: boolean) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let onlyAscii = true;
  let held: Uint8Array = new Uint8Array();
  let windows1252: ReturnType<typeof windows1252Decoder> | undefined;
  return (bytes: Uint8Array, last: boolean): string => {
    if (windows1252) return windows1252(bytes, last);
    const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    // A character that a chunk cuts in two waits for its rest, so that each chunk is either valid or not.
    const end = last ? all.length : all.length - incompleteAtEnd(all);
    held = all.slice(end);
    try {
      const text = decoder.decode(all.subarray(0, end), { stream: !last });
      onlyAscii &&= !/[^\0-\x7f]/.test(text);
      return text;
    } catch {
      if (!mayBeWindows1252 || !onlyAscii) throw mixed();
      windows1252 = windows1252Decoder();
      return windows1252(all, last);
    }
  };
}

/** Longest character of UTF-8, in bytes. */
const MAX_CHARACTER_BYTES = 4;

/** Refuses text that has characters of UTF-8 as well, and bytes that Windows-1252 has no character for. */
function windows1252Decoder() {
  const decode = plainDecoder('windows-1252');
  let before: Uint8Array = new Uint8Array();
  return (bytes: Uint8Array, last: boolean): string => {
    const seen = Buffer.concat([before, bytes]);
    // All of Latin-1, so that the pattern sees the bytes.
    if (UTF_8_CHARACTER.test(seen.toString('latin1'))) throw mixed();
    before = seen.subarray(Math.max(0, seen.length - MAX_CHARACTER_BYTES + 1));
    const text = decode(bytes, last);
    if (/[\x80-\x9f]/.test(text)) throw mixed();
    return text;
  };
}

/** A character of UTF-8 beyond ASCII; in text of Windows-1252 it would be an accented letter and a symbol behind it. */
const UTF_8_CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/;

function mixed(): Refusal {
  return notText('It is neither valid UTF-8 nor Windows-1252 for certain: state its charset in Content-Type.');
}

/** How many bytes at the end may be the start of an incomplete UTF-8 character. */
function incompleteAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

function requireText(text: string): string {
  if (text.includes('\0'))
    throw notText(
      'It has NUL characters, which text never has: if it is UTF-16 without a byte order mark, state its charset in Content-Type.',
    );
  return text;
}

function notText(why: string): Refusal {
  return new Refusal('VALIDATION', `The body can't be read as CSV. ${why}`, {
    details: [{ pointer: '', message: why }],
  });
}
