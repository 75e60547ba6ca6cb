import type { RefusalDetail } from './refusal.ts';
import type { ImportFormat } from './import-columns.ts';
import type { Command } from './messages.ts';

/** The workflow type, as the Web UI shows it. */
export const IMPORT_ORDERS = 'ImportOrders';

/** The workflow id of an import. */
export function importWorkflowId(importId: string): string {
  return `import-${importId}`;
}

/** How the orders came: as lines of a CSV file, or as JSON. */
export const importKinds = ['csv', 'batch'] as const;

export type ImportKind = (typeof importKinds)[number];

/** The status of an import. A CANCELLED one places nothing more; its `completedAt` is when its last placed order was settled. */
export const importStatuses = ['RUNNING', 'PAUSED', 'CANCELLED', 'COMPLETED'] as const;

export type ImportStatus = (typeof importStatuses)[number];

/** The state of an order of an import. WAITING and PLACED are still open. */
export const importOrderStates = ['WAITING', 'PLACED', 'CONFIRMED', 'FAILED', 'REPEATED', 'CANCELLED'] as const;

export type ImportOrderState = (typeof importOrderStates)[number];

/** Why an order of an import failed, or in what it differs from its file; `details` as in the problem that `POST /orders` would have answered. */
export interface ImportFailure {
  readonly code: string;
  readonly message: string;
  readonly details: readonly RefusalDetail[];
}

/** An import as its tables have it, without its orders. */
export interface Import {
  readonly id: string;
  readonly kind: ImportKind;
  readonly status: ImportStatus;
  /** The uploader's subject and roles: the orders are placed as theirs. */
  readonly subject: string;
  readonly roles: readonly string[];
  readonly actor: string;
  readonly bodyHash: string | null;
  readonly fileName: string | null;
  /** How to read its lines; null for a batch. */
  readonly format: ImportFormat | null;
  readonly rows: number;
  readonly total: number;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  /** How its orders ended, once it is complete; null before. */
  readonly finalProgress: ImportProgress | null;
  /** Whether its rows are past their retention. */
  readonly haveRowsExpired: boolean;
  /** Who acknowledged its failed orders, and when; null until then. */
  readonly acknowledged: { readonly at: Date; readonly by: string } | null;
}

/** A line of an uploaded file. */
export interface ImportLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A line and what was wrong with it when it was read. */
export interface CheckedLine extends ImportLine {
  readonly faults: readonly string[] | null;
}

/** An order of an import that is to be placed or watched. */
export interface ImportOrder {
  readonly position: number;
  /** What names the order within its owner's orders; empty when the line has none. */
  readonly reference: string;
  readonly lineCount: number;
  readonly body: unknown;
  readonly state: ImportOrderState;
  readonly orderId: string | null;
}

/** The result of placing: an order of this import, one of an earlier import, or none. */
export type PlacedImportOrder =
  | {
      readonly state: 'PLACED';
      readonly orderId: string;
      /** In what the order differs from what its file states, where it is to differ. */
      readonly difference?: ImportFailure | null | undefined;
    }
  | { readonly state: 'REPEATED'; readonly orderId: string }
  | { readonly state: 'FAILED'; readonly orderId: string | null; readonly failure: ImportFailure };

/** The outcome of the order at a position. */
export interface ImportOutcome {
  readonly position: number;
  readonly state: ImportOrderState;
  readonly orderId: string | null;
  readonly failure: ImportFailure | null;
}

/** How many orders are in which state. */
export type ImportCounts = Readonly<Record<ImportOrderState, number>>;

/** How far an import has come. */
export interface ImportProgress {
  readonly counts: ImportCounts;
  /** Orders that it has placed, whatever their outcome. */
  readonly placed: number;
  /** Lines of orders that failed or were not placed. */
  readonly errorRows: number;
}

/** What an `ImportOrders` workflow knows; it fits in any history, however large the file. */
export interface ImportOrdersInput {
  readonly importId: string;
  readonly total: number;
  /** How many orders may be open at once. */
  readonly inFlight: number;
  /** The first position that no earlier run has started on. */
  readonly next?: number | undefined;
  readonly counts?: ImportCounts | undefined;
  readonly paused?: boolean | undefined;
  /** Everything that was not placed has been given up. */
  readonly cancelled?: boolean | undefined;
  /** Gives up at once what has not been placed: an earlier run was ended by force. */
  readonly giveUp?: boolean | undefined;
  readonly statusVersion?: number | undefined;
  /** Orders of a range; 200 unless it says otherwise. */
  readonly rangeSize?: number | undefined;
  /** Ranges after which a run continues as a new one, unless its history has become long before. */
  readonly rangesPerRun?: number | undefined;
}

/** The commands of an import, each an update and a signal. */
export const importCommands = ['pauseImport', 'resumeImport', 'cancelImport'] as const;

export type ImportCommandName = (typeof importCommands)[number];

/** A command of an import with its name. */
export interface ImportCommand {
  readonly name: ImportCommandName;
  readonly input: Command;
}

/** The status that the import has once a command is carried out. */
export interface ImportCommandResult {
  readonly status: ImportStatus;
}
