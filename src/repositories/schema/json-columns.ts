import type { ColumnType } from 'kysely';

/** A `jsonb` column: read as a value, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>;

/** The same where the column may be null. */
export type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>;
