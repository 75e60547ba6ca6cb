/** The encoding of a payload that is encrypted, as it stands in the payload's metadata. */
export const ENCRYPTED = 'binary/encrypted';

/** The metadata that names the key of an encrypted payload. */
export const KEY_ID = 'encryption-key-id';

/** What is known of a payload without reading its data. */
interface Labelled {
  readonly metadata?: { readonly [name: string]: Uint8Array } | null;
}

/** The id of the key with which a payload was encrypted; `undefined` when it was not encrypted by this product. */
export function keyIdOf({ metadata }: Labelled): string | undefined {
  const encoding = metadata?.['encoding'];
  const id = metadata?.[KEY_ID];
  if (encoding?.length !== ENCRYPTED.length || !id || textOf(encoding) !== ENCRYPTED) return undefined;
  return textOf(id);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
