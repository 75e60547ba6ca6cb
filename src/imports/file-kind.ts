/** Kinds of files that are not text, by their first bytes. */
const signatures: readonly { readonly kind: string; readonly bytes: readonly number[] }[] = [
  { kind: 'a gzip archive', bytes: [0x1f, 0x8b] },
  { kind: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { kind: 'an old Excel or Office file (.xls)', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { kind: 'a 7z archive', bytes: [0x37, 0x7a, 0xbc, 0xaf] },
  { kind: 'a RAR archive', bytes: [0x52, 0x61, 0x72, 0x21, 0x1a] },
  { kind: 'a bzip2 archive', bytes: [0x42, 0x5a, 0x68] },
  { kind: 'an xz archive', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { kind: 'a Zstandard archive', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: 'a Parquet file', bytes: [0x50, 0x41, 0x52, 0x31] },
  { kind: 'a SQLite database', bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66] },
  { kind: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff] },
];

/** What the parts of documents that are ZIP files are called. */
const zipParts: readonly { readonly kind: string; readonly part: string }[] = [
  { kind: 'a Numbers document', part: '.iwa' },
  { kind: 'an OpenDocument file (.ods)', part: 'application/vnd.oasis.opendocument' },
  { kind: 'an Excel file (.xlsx)', part: 'xl/' },
  { kind: 'a Word file (.docx)', part: 'word/' },
  { kind: 'an Excel or other Office file (.xlsx)', part: '[Content_Types].xml' },
];

/** Enough of a file to find the names of its first parts. */
const SEARCHED_BYTES = 4_096;

/** What a file is that is not text, such as `an Excel file (.xlsx)`; `undefined` for what may be text. */
export function fileKind(start: Uint8Array): string | undefined {
  const begins = (bytes: readonly number[]) => bytes.every((byte, index) => start[index] === byte);
  if (begins([0x50, 0x4b])) {
    const text = Buffer.from(start.subarray(0, SEARCHED_BYTES)).toString('latin1');
    return zipParts.find(({ part }) => text.includes(part))?.kind ?? 'a ZIP archive';
  }
  const known = signatures.find(({ bytes }) => begins(bytes));
  if (known) return known.kind;
  const text = Buffer.from(start.subarray(0, SEARCHED_BYTES))
    .toString('utf8')
    .replace(/^[\ufeff\s]+/, '')
    .toLowerCase();
  return textKinds.find(({ begins: beginning }) => beginning.test(text))?.kind;
}

/** How files of text begin that are no tables. */
const textKinds: readonly { readonly kind: string; readonly begins: RegExp }[] = [
  { kind: 'a web page (HTML)', begins: /^<(?:!doctype html|html|head|body|table|div)\b/ },
  { kind: 'a saved web page (MHTML)', begins: /^mime-version:/ },
  { kind: 'an XML file', begins: /^<(?:\?xml\b|[a-z][\w:.-]*[\s>/])/ },
  { kind: 'a JSON file', begins: /^(?:\{\s*["}]|\[\s*[{\]])/ },
  { kind: 'a text document (.rtf)', begins: /^\{\\rtf/ },
];
