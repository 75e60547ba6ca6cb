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
import { callWithin, requireConnection, START_DEADLINE_MS, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection, TemporalConnector } from './connection.ts';
import { untilNotDropped } from './dropped-update.ts';
import { requestMemo } from './request-id.ts';
import { sendUpdate } from './send-update.ts';

/** How the API starts and commands an import's workflow. */
export interface ImportCommands {
  /** Starts the workflow of a registered import, unless it is started already. Rejects with `TemporalUnavailableError`. */
  readonly start: (job: Import) => Promise<void>;
  /**
   * Sends a command as an update whose id is its `command_id`, waits up to `waitMs` for it, and returns whether it was done by then.
   * Rejects with `CommandRefusedError` or `TemporalUnavailableError`.
   */
  readonly send: (job: Import, name: ImportCommandName, command: Command, waitMs: number) => Promise<boolean>;
}

/** Starts and commands the workflows of imports through Temporal. */
export function createImportCommands(connector: TemporalConnector, config: SagaConfig): ImportCommands {
  const start = async (job: Import) => {
    const temporal = requireConnection(connector);
    try {
      await callWithin(temporal, START_DEADLINE_MS, () => startImport(temporal, job, config));
    } catch (error) {
      throw toUnavailableError(error);
    }
  };

  const send: ImportCommands['send'] = (job, name, command, waitMs) =>
    untilNotDropped(async () => {
      const temporal = requireConnection(connector);
      const sendOnce = async () => {
        const reply = await sendUpdate(temporal, importWorkflowId(job.id), name, command, waitMs);
        return reply !== undefined;
      };
      try {
        return await sendOnce();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // The relay has not started it yet.
        await start(job);
        return sendOnce().catch((gone: unknown) => {
          throw gone instanceof WorkflowNotFoundError ? toUnavailableError(gone) : gone;
        });
      }
    });

  return { start, send };
}

/** Starts an import's workflow, once per import for ever: starting one that runs or has ended does nothing. */
export async function startImport({ client }: TemporalConnection, job: Import, config: SagaConfig): Promise<void> {
  try {
    await client.workflow.start(IMPORT_ORDERS, importStartOptions(job, config));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Resumes an import whose workflow was ended by force: the new run gives up what has not been placed and settles the rest. */
export async function resumeImport({ client }: TemporalConnection, job: Import, config: SagaConfig): Promise<void> {
  const options = importStartOptions(job, config);
  await client.workflow.start(IMPORT_ORDERS, {
    ...options,
    // Only in the place of a run that did not come to its own end; Temporal decides, should somebody else be as quick.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ ...options.args[0], giveUp: true }],
  });
}

/** Orders of a range that are taken in as they stood, nobody waits for any of which: a second's work. */
const TAKEN_IN_RANGE = 2_000;

type ImportWorkflow = (input: ImportOrdersInput) => Promise<unknown>;

function importStartOptions(
  job: Import,
  config: SagaConfig,
): WorkflowStartOptions<ImportWorkflow> & { args: [ImportOrdersInput] } {
  const what = job.kind === 'csv' ? `${job.total} order(s) of ${job.rows} line(s)` : `batch of ${job.total} order(s)`;
  return {
    workflowId: importWorkflowId(job.id),
    taskQueue: config.temporal.taskQueue,
    args: [
      {
        importId: job.id,
        total: job.total,
        inFlight: config.imports.inFlight,
        ...(job.format?.takingIn && { rangeSize: TAKEN_IN_RANGE }),
      },
    ],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A dead worker is noticed after this time; a task takes milliseconds.
    workflowTaskTimeout: config.starts.taskTimeoutMs,
    ...requestMemo(),
    staticSummary: what,
    staticDetails: `Import of ${what} by \`${job.actor}\`, whose orders have it as their \`batch_id\`.`,
  };
}
