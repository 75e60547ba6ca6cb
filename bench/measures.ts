import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../src/domain/order.ts';

/** Percentiles of a set of times. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Mean and maximum of a set of counts. */
export interface Spread {
  readonly mean: number;
  readonly max: number;
}

/** What confirmed orders cost Temporal. */
export interface HistoryCost {
  readonly events: Spread;
  readonly stateTransitions: Spread;
  readonly bytes: Spread;
}

/** Describing a workflow costs the server CPU, and fifty are enough. */
const SAMPLE = 50;

/** Computes percentiles by nearest rank; NaN when there are no values. */
export function computePercentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Reads events, state transitions and size of the histories of an evenly spread sample of the orders' workflows. */
export async function readHistoryCost(client: Client, orderIds: readonly string[]): Promise<HistoryCost> {
  const step = Math.max(Math.floor(orderIds.length / SAMPLE), 1);
  const sample = orderIds.filter((_, index) => index % step === 0);
  const descriptions = await Promise.all(
    sample.map((orderId) => client.workflow.getHandle(orderWorkflowId(orderId)).describe()),
  );
  return {
    events: computeSpread(descriptions.map(({ historyLength }) => historyLength)),
    stateTransitions: computeSpread(
      descriptions.map(({ raw }) => Number(raw.workflowExecutionInfo?.stateTransitionCount ?? Number.NaN)),
    ),
    bytes: computeSpread(descriptions.map(({ historySize }) => historySize ?? Number.NaN)),
  };
}

/** Reads from the metrics at `metricsUrl` how many SQL statements the API has sent since its start; throws when they are missing. */
export async function readStatements(metricsUrl: string): Promise<number> {
  const response = await fetch(metricsUrl);
  const found = /^database_statements_total (\S+)$/m.exec(await response.text());
  if (!found) throw new Error(`${metricsUrl} has no database_statements_total`);
  return Number(found[1]);
}

function computeSpread(values: readonly number[]): Spread {
  const sum = values.reduce((total, value) => total + value, 0);
  return { mean: values.length === 0 ? Number.NaN : sum / values.length, max: Math.max(...values) };
}
