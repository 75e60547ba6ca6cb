import type { SagaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { LISTENERS } from '../repositories/sink-figures.ts';
import { findFreePort } from './free-port.ts';
import { recordMetricsTo } from './record-metrics.ts';
import { serveMetrics } from './serve-metrics.ts';
import { createSharedFigures } from './shared-figures.ts';
import { setProcessFigures, type ProcessParts } from './process-figures.ts';

/** The metrics of a process, which are being recorded and served. */
export interface Metrics {
  /** Where the Temporal SDK is to export its own metrics, for this process alone. */
  readonly temporalAddress: string;
  /** Shows the figures of these parts of the process from now on. */
  readonly show: (parts: ProcessParts) => void;
  readonly close: () => Promise<void>;
}

/** Starts recording and serving metrics; `undefined`, and nothing is loaded or recorded, when METRICS_PORT is 0. */
export async function startMetrics(config: SagaConfig, logger: Logger): Promise<Metrics | undefined> {
  const { host, port } = config.metrics;
  if (port === 0) return undefined;
  const { createRegistry } = await import('./create-registry.ts');
  const registry = createRegistry();
  recordMetricsTo(registry.recorder);
  const temporalAddress = `127.0.0.1:${await findFreePort()}`;
  registry.gauges.set('order_saga_build_info', { version: config.worker.buildId ?? 'none', role: config.role }, 1);
  let refresh: (() => Promise<void>) | undefined;
  const render = async () => {
    const [temporal] = await Promise.all([readTemporalMetrics(temporalAddress), refresh?.()]);
    return (await registry.render()) + temporal;
  };
  const server = serveMetrics({ host, port, contentType: registry.contentType, render }, logger);
  return {
    temporalAddress,
    show: (parts) => {
      const { stuckAfterMs } = config;
      const sinks = [LISTENERS, ...parts.sinks];
      const shared = createSharedFigures(parts.database.db, { sinks, stuckAfterMs }, registry.gauges, logger);
      refresh = () => {
        setProcessFigures(registry, parts);
        return shared.refresh();
      };
    },
    close: () => {
      recordMetricsTo(undefined);
      return server.close();
    },
  };
}

/** The SDK answers in milliseconds, from memory. */
const TEMPORAL_TIMEOUT_MS = 1_000;

/** The SDK's metrics under their own names; nothing while it does not serve them. */
async function readTemporalMetrics(address: string): Promise<string> {
  try {
    const response = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(TEMPORAL_TIMEOUT_MS) });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}
