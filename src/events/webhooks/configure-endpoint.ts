import { setTimeout as delay } from 'node:timers/promises';
import type { SagaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import {
  addConfiguredEndpoint,
  putConfiguredEndpoint,
  releaseConfiguredEndpoint,
} from '../../repositories/configured-endpoint.ts';
import type { Db } from '../../repositories/schema.ts';

/** How long after a failure it is tried again, as while the database is away. */
const RETRY_MS = 2_000;

/**
 * Answers how to make the webhook endpoint that `EVENTS_URL` and `EVENTS_SECRET` name, change it to what they say, or disable the one that
 * they no longer name. Calls share one attempt, and once that is done nothing more is. Rejects while the database is away.
 */
export function endpointOfSettings(
  { events: { url, secret }, webhooks }: Pick<SagaConfig, 'events' | 'webhooks'>,
  db: Db,
): () => Promise<void> {
  const put = () =>
    url === undefined || secret === undefined
      ? releaseConfiguredEndpoint(db)
      : putConfiguredEndpoint(db, { url, secret }, webhooks.secretOverlapMs);
  let putting: Promise<void> | undefined;
  return () => {
    putting ??= put().catch((error: unknown) => {
      putting = undefined;
      throw error;
    });
    return putting;
  };
}

/**
 * Makes the endpoint that the settings name unless it is on record. For what publishes once, such as a command: its settings may be older
 * than those of the processes that run, or lack the endpoint.
 */
export async function addEndpointOfSettings(
  { events: { url, secret } }: Pick<SagaConfig, 'events'>,
  db: Db,
): Promise<void> {
  if (url !== undefined && secret !== undefined) await addConfiguredEndpoint(db, { url, secret });
}

/** Puts the endpoint on record; tries until that is done or it is stopped. */
export function configureEndpoint(
  putEndpoint: () => Promise<void>,
  logger: Logger,
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const work = async () => {
    while (!stopping.signal.aborted) {
      try {
        await putEndpoint();
        return;
      } catch (error) {
        logger.warn({ err: error }, 'the webhook endpoint of EVENTS_URL is not configured yet');
        await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
