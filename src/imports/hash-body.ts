import { createHash } from 'node:crypto';
import { UploadTooLargeError } from './upload-too-large-error.ts';

/** A file of more bytes is refused. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** The refusal of a file of more than {@link MAX_FILE_BYTES}. */
export function fileTooLarge(): UploadTooLargeError {
  return new UploadTooLargeError(
    'The body is larger than 100 MB: send it in parts.',
    `be at most ${MAX_FILE_BYTES} bytes`,
  );
}

/** Counts and hashes the bytes of a body as they are read; `prefix` is hashed before them. Reading rejects with UploadTooLargeError. */
export function hashBody(body: AsyncIterable<Uint8Array>, prefix: string) {
  const source = body[Symbol.asyncIterator]();
  const digest = createHash('sha256').update(prefix);
  let total = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await source.next();
    if (done === true) return undefined;
    total += value.length;
    if (total > MAX_FILE_BYTES) throw fileTooLarge();
    digest.update(value);
    return value;
  };
  return {
    /** The bytes; a reader that stops early leaves the rest to `drain`. */
    chunks: async function* () {
      for (let value = await next(); value; value = await next()) yield value;
    },
    /** Reads the rest and keeps none of it. */
    drain: async () => {
      for (let value = await next(); value;) value = await next();
    },
    hash: () => digest.copy().digest('base64url'),
  };
}
