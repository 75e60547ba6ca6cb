import type { Logger } from '../logger.ts';
import { createRegistry } from '../metrics/create-registry.ts';
import { recordMetricsTo } from '../metrics/record-metrics.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import type { Rabbit } from '../rabbitmq/open-rabbitmq.ts';

/** Serves the metrics of the notifier; `undefined`, and nothing is recorded, when METRICS_PORT is 0. */
export function serveFigures(
  { host, port }: { readonly host: string; readonly port: number },
  rabbit: Rabbit,
  retryDelaysMs: readonly number[],
  logger: Logger,
): { readonly close: () => Promise<void> } | undefined {
  if (port === 0) return undefined;
  const { recorder, gauges, render, contentType } = createRegistry();
  recordMetricsTo(recorder);
  const { queue, deadLetters, retryQueue } = rabbit.topology;
  const queues = { waiting: [queue], retrying: retryDelaysMs.map(retryQueue), dead: [deadLetters] } as const;
  const refresh = async () => {
    gauges.clear('mail_queue_messages');
    for (const name of ['waiting', 'retrying', 'dead'] as const) {
      const count = await countAll(rabbit, queues[name]);
      if (count !== undefined) gauges.set('mail_queue_messages', { queue: name }, count);
    }
  };
  const endpoint = {
    host,
    port,
    contentType,
    render: async () => {
      if (rabbit.isConnected()) await refresh();
      return await render();
    },
  };
  return serveMetrics(endpoint, logger);
}

/** One after the other: a queue that is not there ends the channel of all that are asked for beside it. */
async function countAll(rabbit: Rabbit, queues: readonly string[]): Promise<number | undefined> {
  let sum = 0;
  for (const queue of queues) {
    const count = await countMessages(rabbit, queue);
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}

/** How many messages a queue has; `undefined` when the broker does not say. */
async function countMessages({ connection }: Rabbit, queue: string): Promise<number | undefined> {
  try {
    return (await connection.queueDeclare({ queue, passive: true })).messageCount;
  } catch {
    return undefined;
  }
}
