import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { importFields, mapColumns, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import type { Import, ImportKind } from '../domain/import.ts';
import { findImport, findKeyedImport } from '../repositories/import-repository.ts';
import {
  appendLines,
  beginUpload,
  discardUpload,
  groupLines,
  KeyTakenError,
  registerImport,
} from '../repositories/import-uploads.ts';
import type { Db } from '../repositories/schema.ts';
import { Refusal, type RefusalDetail } from '../domain/refusal.ts';
import { decodeText, type Encoding } from './decode-text.ts';
import { readCsv } from './read-csv.ts';
import { withoutGuard } from './spreadsheet.ts';
import type { Caller } from '../domain/caller.ts';
import { loggable, type Logger } from '../logger.ts';
import type { Database } from '../repositories/database.ts';

/** What a caller says of a file beside its bytes. */
export interface UploadOptions {
  readonly idempotencyKey: string | undefined;
  readonly fileName: string | undefined;
  readonly encoding: Encoding | undefined;
  readonly delimiter: string | undefined;
  /** Headers of fields that go by no usual one. */
  readonly named: Readonly<Partial<Record<ImportField, string>>>;
  readonly defaults: ImportFormat['defaults'];
}

/** What an upload works with. */
export interface UploadDependencies {
  readonly database: Database;
  readonly logger: Logger;
  /** Makes writes wait for one another, so that uploads leave connections to orders. */
  readonly write: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A body larger than this is refused. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Lines so short that more of them fit into {@link MAX_BYTES} hold no orders. */
const MAX_ROWS = 2_000_000;

/**
 * Streams a file into the database and registers it as an import; what is cut off or refused leaves nothing. The same file under the
 * same key is the import that it was before.
 */
export async function uploadCsv(
  { database: { db, pool }, logger, write }: UploadDependencies,
  caller: Caller,
  body: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<Import> {
  const { idempotencyKey: key } = options;
  const source = byteSource(body, JSON.stringify(options));
  const known = key === undefined ? undefined : await findKeyedImport(db, caller.subject, key);
  if (known) {
    await source.drain();
    return sameImport(known, source.hash());
  }
  const upload = newImport('csv', caller, key, options.fileName);
  await beginUpload(db, upload);
  try {
    const append = (lines: Lines) => write(() => appendLines(db, upload.id, lines));
    const format = await stage(source.chunks(), options, append);
    await write(async () => {
      await groupLines(pool, upload.id);
      await registerImport(db, upload.id, { bodyHash: source.hash(), format });
    });
  } catch (error) {
    await discardUpload(db, upload.id).catch((cause: unknown) => {
      logger.warn({ err: loggable(cause), import_id: upload.id }, 'upload not discarded, left to the relay');
    });
    if (error instanceof KeyTakenError && key !== undefined) return winner(db, caller, key, source.hash());
    // A client that is still sending hears nothing before it is through.
    await source.drain().catch(() => {});
    throw error;
  }
  return registered(db, upload.id);
}

/** What an import begins with. */
export function newImport(kind: ImportKind, caller: Caller, key: string | undefined, fileName?: string) {
  const { subject, roles, actor } = caller;
  return { id: uuidv7(), kind, subject, roles, actor, idempotencyKey: key ?? null, fileName: fileName ?? null };
}

/** The import that was registered just now. */
export async function registered(db: Db, id: string): Promise<Import> {
  const job = await findImport(db, id);
  if (!job) throw new Error('the import is gone');
  return job;
}

/** The import that was quicker under the same key. */
export async function winner(db: Db, caller: Caller, key: string, hash: string): Promise<Import> {
  const job = await findKeyedImport(db, caller.subject, key);
  if (!job) throw new Error('an idempotency key is taken but has no import');
  return sameImport(job, hash);
}

/** The import itself if it was made by the same request; otherwise throws IDEMPOTENCY_KEY_REUSED. */
export function sameImport(job: Import, hash: string): Import {
  if (job.bodyHash === hash) return job;
  throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'The same Idempotency-Key came with another import before.', {
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
  });
}

type Lines = Parameters<typeof appendLines>[2];

async function stage(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, delimiter: stated, named, defaults }: UploadOptions,
  append: (lines: Lines) => Promise<void>,
): Promise<ImportFormat> {
  let format: ImportFormat | undefined;
  let rowCount = 0;
  const onHeader = (header: string[], delimiter: string) => {
    const columns = mapColumns(header, named);
    if (Array.isArray(columns)) throw badHeader(header, columns as string[]);
    format = { delimiter, header, columns: columns as ImportFormat['columns'], defaults };
  };
  await readCsv(
    decodeText(chunks, encoding),
    {
      onHeader,
      onRows: async (rows) => {
        rowCount += rows.length;
        if (rowCount > MAX_ROWS) throw tooManyRows();
        const column = format?.columns.order_reference ?? -1;
        await append(rows.map(({ line, cells }) => ({ line, cells, reference: referenceOf(cells[column]) })));
      },
    },
    stated,
  );
  if (!format || rowCount === 0) {
    throw new Refusal('VALIDATION', 'The file has a header and no rows.', {
      details: [{ pointer: '', message: 'has no rows' }],
    });
  }
  return format;
}

/** A reference that is too long is refused with its order; here it only must not be too long for an index. */
const INDEXABLE_CHARACTERS = 256;

function referenceOf(cell: string | undefined): string {
  return withoutGuard(cell ?? '')
    .trim()
    .slice(0, INDEXABLE_CHARACTERS);
}

function badHeader(header: readonly string[], faults: readonly string[]): Refusal {
  const found = header.slice(0, 100).map((name) => name.slice(0, 100));
  const details: RefusalDetail[] = faults.map((message) => ({ pointer: '', line: 1, message }));
  return new Refusal(
    'VALIDATION',
    `The header does not say all that is needed: ${faults.join('; ')}. Found: ${found.join(', ')}.`,
    { details: [...details, { found }, { expected: Object.values(importFields).map(([usual]) => usual) }] },
  );
}

/** A file has more bytes or rows than are taken at once. */
export class UploadTooLargeError extends Refusal {
  override readonly name = 'UploadTooLargeError';

  constructor(message: string, limit: string) {
    super('VALIDATION', message, { details: [{ pointer: '', message: `must ${limit}` }] });
  }
}

function tooManyRows(): Refusal {
  return new UploadTooLargeError(
    `The file has more than ${MAX_ROWS} rows: send it in parts.`,
    `have at most ${MAX_ROWS} rows`,
  );
}

/** The bytes of a body, counted and hashed as they pass. */
function byteSource(body: AsyncIterable<Uint8Array>, said: string) {
  const source = body[Symbol.asyncIterator]();
  const digest = createHash('sha256').update(said);
  let total = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await source.next();
    if (done === true) return undefined;
    total += value.length;
    if (total > MAX_BYTES) throw tooLarge();
    digest.update(value);
    return value;
  };
  return {
    chunks: async function* () {
      for (let value = await next(); value; value = await next()) yield value;
    },
    /** Reads what is left, and keeps none of it. */
    drain: async () => {
      for (let value = await next(); value;) value = await next();
    },
    hash: () => digest.copy().digest('base64url'),
  };
}

function tooLarge(): Refusal {
  return new UploadTooLargeError('The body is larger than 100 MB: send it in parts.', `be at most ${MAX_BYTES} bytes`);
}

/** Refuses a body that says itself that it is too large, before any of it is read. */
export function refuseTooLarge(contentLength: string | undefined): void {
  if (Number(contentLength ?? 0) > MAX_BYTES) throw tooLarge();
}
