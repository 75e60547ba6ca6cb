import {
  ActivityFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  TimeoutFailure,
} from '@temporalio/workflow';
import {
  importOrderStates,
  type ImportCommand,
  type ImportCommandResult,
  type ImportCounts,
  type ImportOrdersInput,
  type ImportStatus,
} from '../src/domain/import.ts';
import { CommandQueue } from './command-queue.ts';
import { describeImport } from './describe-import.ts';
import { Interruptible } from './interruptible.ts';

/** Ranges under way at once: while one waits for its last orders, the others keep the rest of the system busy. */
export const LANES = 4;

/** Orders of a range: enough that the turn from one to the next costs little, few enough to show progress. */
const RANGE = 200;

/** A range takes about six events; a run of these stays well below what Temporal calls a long history. */
const RANGES_PER_RUN = 400;

/** Positions from `from` up to and without `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One run of an import's workflow: its commands, what it knows of the import, and what the Web UI shows of that. */
export class ImportRun {
  readonly commands = new CommandQueue<ImportCommand, ImportCommandResult>();
  readonly #input: ImportOrdersInput;
  readonly #interruptible = new Interruptible(() => this.#paused || this.#cancelled);
  readonly #returned: Range[] = [];
  readonly #counts: Record<keyof ImportCounts, number>;
  #next: number;
  #taken = 0;
  #paused: boolean;
  #cancelled: boolean;
  #status: ImportStatus;
  #version: number;
  #remark: string | undefined;
  #open = 0;
  #ended = false;

  constructor(input: ImportOrdersInput) {
    this.#input = input;
    this.#next = input.next ?? 0;
    this.#counts = { ...(input.counts ?? zero) };
    this.#paused = input.paused ?? false;
    const isCancelled = input.cancelled ?? false;
    this.#cancelled = isCancelled || (input.giveUp ?? false);
    this.#status = isCancelled ? 'CANCELLED' : this.#paused ? 'PAUSED' : 'RUNNING';
    this.#version = input.statusVersion ?? 0;
    this.#describe();
  }

  get id(): string {
    return this.#input.importId;
  }

  get total(): number {
    return this.#input.total;
  }

  /** As the projection has it. */
  get status(): ImportStatus {
    return this.#status;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether somebody has cancelled it, whether or not that is done yet. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether it is cancelled and what has not been placed is not given up yet. */
  get isToBeCancelled(): boolean {
    return this.#cancelled && this.#status !== 'CANCELLED';
  }

  /** Whether nothing of it is open any more. */
  get ended(): boolean {
    return this.#ended;
  }

  get hasRanges(): boolean {
    return this.#returned.length > 0 || this.#next < this.#input.total;
  }

  get inFlightOfLane(): number {
    return Math.max(1, Math.ceil(this.#input.inFlight / LANES));
  }

  /** The next range that is to be placed. */
  takeRange(): Range | undefined {
    const returned = this.#returned.shift();
    if (returned) return returned;
    if (this.#next >= this.#input.total) return undefined;
    const size = this.#input.rangeSize ?? RANGE;
    const range = { from: this.#next, to: Math.min(this.#next + size, this.#input.total) };
    this.#next = range.to;
    this.#taken += 1;
    return range;
  }

  /** Takes over what became of a range; one that was interrupted has to be taken again. */
  note(range: Range, counts: ImportCounts | undefined): void {
    if (!counts || counts.WAITING > 0) {
      this.#returned.push(range);
      return;
    }
    for (const state of importOrderStates) this.#counts[state] += counts[state];
    this.#describe();
  }

  /** Runs an activity so that a pause or a cancellation interrupts it; returns `undefined` when one did. */
  async interruptibly<T>(work: () => Promise<T>): Promise<T | undefined> {
    let scope: CancellationScope | undefined;
    try {
      return await this.#interruptible.run(() => {
        scope = CancellationScope.current();
        return work();
      });
    } catch (error) {
      // One that was interrupted is not tried again when its worker dies before it has returned, though the import has been resumed meanwhile.
      const isLost = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
      if (isCancellation(error) || (isLost && scope?.consideredCancelled === true)) return undefined;
      throw error;
    }
  }

  /** Whether the history has become long enough to continue as a new run; ranges that were interrupted are done before. */
  shouldContinueAsNew(suggested: boolean): boolean {
    const enough = this.#taken >= (this.#input.rangesPerRun ?? RANGES_PER_RUN);
    return (suggested || enough) && this.#returned.length === 0 && this.hasRanges;
  }

  /** Places no more orders until it is resumed. Returns the version of the status to write. */
  pause(): number {
    this.#paused = true;
    this.#interruptible.interrupt();
    return this.#nextVersion();
  }

  /** Goes on. Returns the version of the status to write. */
  resume(): number {
    this.#paused = false;
    return this.#nextVersion();
  }

  /** Places no more orders, for good. */
  cancel(): void {
    this.#cancelled = true;
    this.#interruptible.interrupt();
    this.#describe();
  }

  /** Takes over the status that the projection has confirmed. */
  becomes(status: ImportStatus): void {
    this.#status = status;
    this.#describe();
  }

  /** How many orders took too long to be waited for and are still open. */
  waitsFor(open: number): void {
    this.#open = open;
    this.#describe();
  }

  /** Shows something to whoever looks at the workflow next, such as why a signal was rejected. */
  remark(text: string): void {
    this.#remark = text;
    this.#describe();
  }

  /** Nothing is open any more. */
  end(status: ImportStatus): void {
    this.#ended = true;
    this.becomes(status);
  }

  /** The input of a run that goes on from here. */
  nextInput(): ImportOrdersInput {
    return {
      ...this.#input,
      next: this.#next,
      counts: this.#counts,
      paused: this.#paused,
      cancelled: this.#cancelled,
      statusVersion: this.#version,
    };
  }

  #nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  #describe(): void {
    setCurrentDetails(
      describeImport({
        status: this.#status,
        cancelling: this.isToBeCancelled,
        total: this.#input.total,
        counts: this.#counts,
        open: this.#open,
        remark: this.#remark,
      }),
    );
  }
}

const zero: ImportCounts = { WAITING: 0, PLACED: 0, CONFIRMED: 0, FAILED: 0, REPEATED: 0, CANCELLED: 0 };
