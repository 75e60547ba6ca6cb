import type { SagaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { useTracer } from './trace.ts';

/**
 * Has the process's traces exported when OTEL_EXPORTER_OTLP_ENDPOINT is set, and returns what ends that; otherwise loads nothing.
 * Comes before connections and workers are made.
 */
export async function startTracing(
  { tracing }: Pick<SagaConfig, 'tracing'>,
  process: string,
  logger: Logger,
): Promise<{ readonly close: () => Promise<void> } | undefined> {
  if (!tracing) return undefined;
  const { createTracer } = await import('./open-telemetry.ts');
  const { close, ...tracer } = createTracer({ ...tracing, process }, logger);
  useTracer(tracer);
  return { close };
}
