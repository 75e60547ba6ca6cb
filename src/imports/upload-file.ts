import type { Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { findKeyedImport } from '../repositories/import-repository.ts';
import { appendLines, beginUpload, discardUpload, groupLines, registerImport } from '../repositories/import-uploads.ts';
import type { ImportDependencies } from './dependencies.ts';
import { hashBody } from './hash-body.ts';
import { findRegistered, newImport, requireSameRequest, returnEarlier } from './keyed-import.ts';
import { readOrderLines, type FileFormat } from './read-order-lines.ts';
import { startRegisteredImport } from './start-import.ts';

/** What a caller says of a file beside its bytes. */
export interface UploadOptions extends FileFormat {
  readonly idempotencyKey: string | undefined;
  readonly fileName: string | undefined;
}

/**
 * Streams a CSV file into the database, registers it as an import and starts it. The same file under the same key is the earlier import.
 * Throws a `Refusal` for a file that can't be read or is too large, or another file under the key: nothing of it is kept.
 * `body` is read to its end even then, so that its sender gets to read the answer.
 */
export async function uploadFile(
  dependencies: Omit<ImportDependencies, 'waitMs'>,
  caller: Caller,
  body: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<Import> {
  const { db } = dependencies;
  const { idempotencyKey: key } = options;
  const file = hashBody(body, JSON.stringify(options));
  const earlier = key === undefined ? undefined : await findKeyedImport(db, caller.subject, key);
  if (earlier) await file.drain();
  const job = earlier
    ? requireSameRequest(earlier, file.hash())
    : await registerFile(dependencies, caller, file, options);
  startRegisteredImport(dependencies, job);
  return job;
}

async function registerFile(
  { db, pool, logger, write }: Omit<ImportDependencies, 'waitMs'>,
  caller: Caller,
  file: ReturnType<typeof hashBody>,
  options: UploadOptions,
): Promise<Import> {
  const upload = newImport('csv', caller, options.idempotencyKey, options.fileName);
  await beginUpload(db, upload);
  try {
    const format = await readOrderLines(file.chunks(), options, (lines) =>
      write(() => appendLines(db, upload.id, lines)),
    );
    await write(async () => {
      await groupLines(pool, upload.id);
      await registerImport(db, upload.id, { bodyHash: file.hash(), format });
    });
  } catch (error) {
    await discardUpload(db, upload.id).catch((cause: unknown) => {
      logger.warn({ err: cause, import_id: upload.id }, 'upload not discarded, left to the relay');
    });
    await file.drain().catch(() => {});
    return returnEarlier(db, upload, { error, hash: file.hash() });
  }
  return findRegistered(db, upload.id);
}
