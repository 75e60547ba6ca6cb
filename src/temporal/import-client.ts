import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import {
  IMPORT_ORDERS,
  importWorkflowId,
  type Import,
  type ImportCommandName,
  type ImportOrdersInput,
} from '../domain/import.ts';
import type { Command } from '../domain/messages.ts';
import type { Engine, EngineLink } from './connection.ts';
import { untilNotDropped } from './dropped-update.ts';
import { connected, sendUpdate, unavailable, within } from './order-client.ts';

/** How the API starts and commands an import's workflow. */
export interface ImportCommands {
  /** Starts the workflow of a registered import; one that is there already is left alone. Rejects with `EngineUnavailableError`. */
  readonly start: (job: Import) => Promise<void>;
  /**
   * Sends a command as an update whose id is its `command_id`, waits up to `waitMs` for it, and returns whether it was done by then.
   * Rejects with `CommandRefusedError` or `EngineUnavailableError`.
   */
  readonly send: (job: Import, name: ImportCommandName, command: Command, waitMs: number) => Promise<boolean>;
}

/** A start takes milliseconds; an engine that needs longer is left to the relay, and the caller is not kept. */
const START_DEADLINE_MS = 1_000;

/** Commands imports' workflows through Temporal. */
export function createImportCommands(link: EngineLink, config: SagaConfig): ImportCommands {
  const start = async (job: Import) => {
    const engine = connected(link);
    try {
      await within(engine, START_DEADLINE_MS, () => startImport(engine, job, config));
    } catch (error) {
      throw unavailable(error);
    }
  };

  const send: ImportCommands['send'] = (job, name, command, waitMs) =>
    untilNotDropped(async () => {
      const engine = connected(link);
      const sendOnce = async () => {
        const reply = await sendUpdate(engine, importWorkflowId(job.id), name, command, waitMs);
        return reply !== undefined;
      };
      try {
        return await sendOnce();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // Nobody has started it yet.
        await start(job);
        return sendOnce().catch((gone: unknown) => {
          throw gone instanceof WorkflowNotFoundError ? unavailable(gone) : gone;
        });
      }
    });

  return { start, send };
}

/** Starts an import's workflow, whoever starts it: once per import, for ever. Starting one that runs or has ended is no error. */
export async function startImport({ client }: Engine, job: Import, config: SagaConfig): Promise<void> {
  try {
    await client.workflow.start(IMPORT_ORDERS, importStartOptions(job, config));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts a workflow in the place of one that was ended by force: it gives up what has not been placed and settles the rest. */
export async function resumeImport({ client }: Engine, job: Import, config: SagaConfig): Promise<void> {
  const options = importStartOptions(job, config);
  await client.workflow.start(IMPORT_ORDERS, {
    ...options,
    // Only in the place of a run that did not come to its own end; the engine decides, should somebody else be as quick.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ ...options.args[0], giveUp: true }],
  });
}

type ImportWorkflow = (input: ImportOrdersInput) => Promise<unknown>;

function importStartOptions(
  job: Import,
  config: SagaConfig,
): WorkflowStartOptions<ImportWorkflow> & { args: [ImportOrdersInput] } {
  const what = job.kind === 'csv' ? `${job.total} order(s) of ${job.rows} line(s)` : `batch of ${job.total} order(s)`;
  return {
    workflowId: importWorkflowId(job.id),
    taskQueue: config.temporal.taskQueue,
    args: [{ importId: job.id, total: job.total, inFlight: config.imports.inFlight }],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    // Noticing a dead worker takes this long; a task takes milliseconds.
    workflowTaskTimeout: '2s',
    staticSummary: what,
    staticDetails: `Import of ${what} by \`${job.actor}\`, whose orders have it as their \`batch_id\`.`,
  };
}
