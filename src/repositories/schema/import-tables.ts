import type { ColumnType, Generated } from 'kysely';
import type { ImportFormat } from '../../domain/import-columns.ts';
import type { ImportFailure, ImportKind, ImportOrderState, ImportProgress, ImportStatus } from '../../domain/import.ts';
import type { Json, JsonOrNull } from './json-columns.ts';

/** Files and batches of orders. */
export interface ImportsTable {
  id: string;
  kind: ImportKind;
  status: Generated<ImportStatus | 'UPLOADING'>;
  status_version: Generated<number>;
  subject: string;
  roles: string[];
  actor: string;
  idempotency_key: string | null;
  body_hash: string | null;
  file_name: string | null;
  format: ColumnType<ImportFormat | null, string | undefined, string>;
  row_count: Generated<number>;
  order_count: Generated<number>;
  workflow_started: Generated<boolean>;
  start_claimed_at: Date | null;
  touched_at: Generated<Date>;
  created_at: Generated<Date>;
  completed_at: Date | null;
  final_progress: JsonOrNull<ImportProgress>;
  rows_expired: Generated<boolean>;
  rows_removed_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
}

/** The lines of an imported file. */
export interface ImportRowsTable {
  import_id: string;
  line: number;
  reference: string;
  cells: Json<string[]>;
  faults: JsonOrNull<string[]>;
}

/** The orders of an import, and what became of each. */
export interface ImportOrdersTable {
  import_id: string;
  position: number;
  reference: string;
  first_line: number | null;
  line_count: number;
  body: Json<unknown>;
  state: Generated<ImportOrderState>;
  order_id: string | null;
  failure: ColumnType<ImportFailure | null, string, string>;
  takes_stock: Generated<boolean>;
}

/** How many orders of an import have a state, in parts. */
export interface ImportCountsTable {
  import_id: string;
  state: ImportOrderState;
  slot: number;
  orders: number;
  with_order: number;
  error_lines: number;
}
