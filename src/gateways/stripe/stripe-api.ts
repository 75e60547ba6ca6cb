import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Stripe from 'stripe';
import type { Logger } from '../../logger.ts';
import { inSpan } from '../../tracing/trace.ts';
import { GatewayError } from '../gateway-error.ts';
import { callReporter } from '../report-call.ts';
import { readStripeFailure, toGatewayError } from './stripe-error.ts';

/** The version of Stripe's API that requests are written in, whatever the account's default is; that of the client's types. */
const API_VERSION = '2026-10-28.endive';

/** How Stripe is reached. */
export interface StripeSettings {
  readonly secretKey: string;
  /** Where Stripe's API is, without a path. */
  readonly apiUrl: string;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** Where a customer's browser comes back to after an authentication; without it only methods that need no redirect are taken. */
  readonly returnUrl: string | undefined;
  /** Whether payments are captured part by part, for which a card that allows it is asked. */
  readonly isCapturedInParts: boolean;
}

/** Makes one request, named `operation` in metrics and traces. Whatever fails rejects with a `GatewayError`, whose cause is Stripe's error. */
export type StripeApi = <T>(operation: string, request: (stripe: Stripe) => Promise<T>) => Promise<T>;

/** A client of Stripe that retries nothing by itself; its library is loaded now. */
export async function openStripe(settings: StripeSettings, logger: Logger): Promise<StripeApi> {
  const stripe = await createClient(settings);
  const report = callReporter(logger, 'payment');
  return async (operation, request) => {
    const call = { request: { operation }, startedAt: performance.now() };
    const span = { name: `stripe.${operation}`, kind: 'client', attributes: { 'peer.service': 'stripe' } } as const;
    try {
      const answer = await inSpan(span, () => request(stripe));
      report(call, undefined);
      return answer;
    } catch (cause) {
      const error = toError(cause);
      report(call, error);
      throw error;
    }
  };
}

async function createClient({ secretKey, apiUrl, timeoutMs }: StripeSettings): Promise<Stripe> {
  const { default: Client } = await import('stripe');
  const { protocol, hostname, port } = new URL(apiUrl);
  const isTls = protocol === 'https:';
  return new Client(secretKey, {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    protocol: isTls ? 'https' : 'http',
    host: hostname,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    httpAgent: isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
    appInfo: { name: 'order-saga' },
  });
}

function toError(cause: unknown): GatewayError {
  const failure = readStripeFailure(cause);
  if (failure) return toGatewayError(failure, cause);
  return new GatewayError('unknown', 'payment', 'Stripe answered in an unexpected form', { cause });
}
