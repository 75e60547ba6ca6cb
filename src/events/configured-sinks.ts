import type { SagaConfig } from '../config.ts';
import type { SinkSource } from './event-sink.ts';

/** The sinks that the configuration names; each is loaded when it is opened. Live listeners are no sink: they hear of every event. */
export function configuredSinks({ url, secret }: Pick<SagaConfig['events'], 'url' | 'secret'>): readonly SinkSource[] {
  if (url === undefined || secret === undefined) return [];
  const open = async () => (await import('./webhook-sink.ts')).webhookSink(url, secret);
  return [{ name: 'webhook', active: 'configured', open }];
}
