import { environment } from '../../config/environment.ts';
import { readVariables } from '../../config/read-variables.ts';
import { createLogger } from '../../logger.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { replayHistories, type ReplayedHistory } from '../../temporal/replay-histories.ts';
import { installRuntime } from '../../worker/worker.ts';
import { readRunningSystem } from '../local-system/running-system.ts';
import { CliError } from './cli-error.ts';
import { stripControls, type Output } from './output.ts';

/** The options of `orders replay-histories`. */
export interface ReplayOptions {
  readonly query?: string;
  readonly limit: number;
  readonly bundle?: string;
}

const variables = environment.pick({ TEMPORAL_TASK_QUEUE: true, WORKFLOW_BUNDLE: true, PAYLOAD_KEYS: true });

/** A server that does not answer by then won't. */
const CONNECT_LIMIT_MS = 10_000;

/**
 * `orders replay-histories`: replays the histories of running workflows with the code at hand. Fails when one of them would not go on, or
 * when there was none to replay.
 */
export async function runReplayCommand(output: Output, { query, limit, bundle }: ReplayOptions): Promise<void> {
  const running = readRunningSystem();
  process.env['TEMPORAL_ADDRESS'] ??= running?.temporalAddress;
  process.env['TEMPORAL_NAMESPACE'] ??= running?.temporalNamespace;
  const logger = createLogger({ level: 'silent', format: 'json' }, 'orders');
  installRuntime(logger);
  const settings = readVariables(variables, process.env);
  const signal = AbortSignal.timeout(CONNECT_LIMIT_MS);
  const temporal = await connectTemporal(logger, signal, settings.PAYLOAD_KEYS).catch(() => {
    throw new CliError(`Temporal at ${process.env['TEMPORAL_ADDRESS'] ?? 'localhost:7233'} can't be reached.`);
  });
  try {
    const code = bundle ?? settings.WORKFLOW_BUNDLE;
    const request = { query: query ?? everyOpenRun(settings.TEMPORAL_TASK_QUEUE), limit, bundle: code };
    const replayed: ReplayedHistory[] = [];
    for await (const history of replayHistories(temporal, request)) {
      replayed.push(history);
      if (!output.json && history.error !== undefined) output.print(formatFailure(history));
    }
    report(output, replayed, request.query);
  } finally {
    await temporal.connection.close();
  }
}

function everyOpenRun(taskQueue: string): string {
  return `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
}

function formatFailure({ workflowId, runId, error = '' }: ReplayedHistory): string {
  return stripControls(`${workflowId} (run ${runId}): ${error}`);
}

function report(output: Output, replayed: readonly ReplayedHistory[], query: string): void {
  const failed = replayed.filter(({ error }) => error !== undefined);
  if (output.json) output.printJson({ query, replayed: replayed.length, failed });
  else output.print(`${replayed.length} replayed, ${failed.length} would not go on`);
  if (replayed.length === 0) throw new CliError(`No workflow was found by: ${query}`);
  if (failed.length > 0) throw new CliError('This code must not run these workflows: see docs/development.md.');
}
