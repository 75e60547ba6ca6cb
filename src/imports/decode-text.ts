import { Refusal } from '../domain/refusal.ts';
import { fileKind } from './file-kind.ts';

/** The name of an encoding that `TextDecoder` knows, as {@link findEncoding} gives it. */
export type Encoding = string;

/** The encoding that a caller calls `charset`, such as `shift_jis` or `cp1250`; `undefined` for an unknown one. */
export function findEncoding(charset: string): Encoding | undefined {
  const label = charset.toLowerCase();
  try {
    return new TextDecoder(labels[label] ?? label).encoding;
  } catch {
    return undefined;
  }
}

/** What people call encodings that have another name on the web (https://encoding.spec.whatwg.org/#names-and-labels). */
const labels: Readonly<Record<string, string>> = {
  'us-ascii': 'utf-8',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  macroman: 'macintosh',
};

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
      throw notText(`It is not valid ${encoding}: ${STATE_CHARSET}.`);
    }
  };
}

function utf8Decoder(mayBeWindows1252: boolean) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let onlyAscii = true;
  let held: Uint8Array = new Uint8Array();
  let before = '';
  let windows1252: ReturnType<typeof windows1252Decoder> | undefined;
  return (bytes: Uint8Array, last: boolean): string => {
    if (windows1252) return windows1252(bytes, last);
    const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    // A character that a chunk cuts in two waits for its rest, so that each chunk is either valid or not.
    const end = last ? all.length : all.length - incompleteAtEnd(all);
    held = all.slice(end);
    try {
      // Whole characters, of which the decoder keeps none back: what is not UTF-8 after all is decoded once more.
      const text = decoder.decode(all.subarray(0, end));
      onlyAscii &&= !/[^\0-\x7f]/.test(text);
      before = (before + text.slice(-MAX_WORD_CHARACTERS)).slice(-MAX_WORD_CHARACTERS);
      return text;
    } catch {
      if (!mayBeWindows1252 || !onlyAscii) throw mixed();
      windows1252 = windows1252Decoder(before);
      return windows1252(all, last);
    }
  };
}

/** Longest character of UTF-8, in bytes. */
const MAX_CHARACTER_BYTES = 4;

/** Refuses text that has characters of UTF-8 as well, bytes that Windows-1252 has no character for, and words that it would not be written in. */
function windows1252Decoder(asciiBefore: string) {
  const decode = plainDecoder('windows-1252');
  let before: Uint8Array = new Uint8Array();
  let textBefore = asciiBefore;
  return (bytes: Uint8Array, last: boolean): string => {
    const seen = Buffer.concat([before, bytes]);
    // All of Latin-1, so that the pattern sees the bytes.
    if (UTF_8_CHARACTER.test(seen.toString('latin1'))) throw mixed();
    before = seen.subarray(Math.max(0, seen.length - MAX_CHARACTER_BYTES + 1));
    const text = decode(bytes, last);
    const seenText = textBefore + text;
    if (/[\x80-\x9f]/.test(text) || NO_WORD.test(seenText)) throw mixed();
    textBefore = seenText.slice(-MAX_WORD_CHARACTERS + 1);
    return text;
  };
}

/**
 * What only text of another encoding shows as: a sign or a dash inside of a word, a capital behind small letters, four accented letters in a row.
 * Central European, Cyrillic and Greek files of spreadsheets are such, those of Macintoshes and of Japan.
 */
const NO_WORD =
  /\p{L}[¢£¤¥¦§¨¬¯±³¶¸¹¼½¾¿¡ƒ„‚†‡ˆ‰‹›˜€×÷]\p{L}|\p{Ll}[–—]\p{Ll}|\p{Ll}[ŠŒŽŸ]|\p{L}[ŠŒŽŸ]\p{Ll}|[À-ÖØ-öø-ÿ]{4}/u;

/** The longest of {@link NO_WORD}. */
const MAX_WORD_CHARACTERS = 4;

/** A character of UTF-8 beyond ASCII; in text of Windows-1252 it would be an accented letter and a symbol behind it. */
const UTF_8_CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/;

function mixed(): Refusal {
  return notText(`It is neither valid UTF-8 nor Windows-1252 for certain: ${STATE_CHARSET}.`);
}

const STATE_CHARSET =
  'state its charset, such as windows-1250 or shift_jis, in Content-Type or with --encoding, or save it as CSV in UTF-8';

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
      `It has NUL characters, which text never has: if it is UTF-16 without a byte order mark, ${STATE_UTF_16}.`,
    );
  return text;
}

const STATE_UTF_16 = 'state its charset, utf-16le or utf-16be, in Content-Type or with --encoding';

function notText(why: string): Refusal {
  return new Refusal('VALIDATION', `The body can't be read as CSV. ${why}`, {
    details: [{ pointer: '', message: why }],
  });
}
