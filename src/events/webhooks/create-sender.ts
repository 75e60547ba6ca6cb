import type { LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Agent, request } from 'undici';
import { signedHeaders } from '../../webhook-signature.ts';
import { faultOfAddress } from './check-address.ts';
import { resolveHost, type ResolveHost } from './resolve-host.ts';

/** From the look-up of the name to the end of the answer: a receiver should store an event and answer. */
const ATTEMPT_TIMEOUT_MS = 10_000;

/** What is read of an answer at most. */
const MAX_ANSWER_BYTES = 64 * 1_024;

/** How long an idle connection is kept: events come in bursts, and a receiver may close one at any time. */
const KEEP_ALIVE_MS = 2_000;

/** After this time a connection is replaced, so that a name which has moved to another address is followed. */
const CONNECTION_TTL_MS = 60_000;

/** More hosts than these are not sent to within one attempt. */
const MAX_HOSTS = 10_000;

/** A message to one endpoint. */
export interface WebhookMessage {
  readonly url: string;
  readonly secret: string;
  /** They sign as well. */
  readonly previousSecrets: readonly string[];
  readonly id: string;
  readonly body: string;
}

/** What came of one attempt; `status` is null when no answer began. */
export interface Attempt {
  readonly status: number | null;
  readonly durationMs: number;
  /** Why the receiver may not have the message; null when it has. */
  readonly error: string | null;
  /** How long the receiver wants to be left alone, if it says so. */
  readonly retryAfterMs: number | null;
}

/** Sends signed messages by HTTP. */
export interface WebhookSender {
  /**
   * Makes one attempt, which takes ten seconds at most. A message is received when the whole answer has come and is 2xx; an answer that
   * is too long to be read is cut, and its status counts. Rejects only when `stopping` is aborted.
   */
  readonly send: (message: WebhookMessage, stopping: AbortSignal) => Promise<Attempt>;
  readonly close: () => Promise<void>;
}

/** How addresses are found, whether private ones may be sent to, and how long an attempt may take. */
export interface SenderOptions {
  readonly allowPrivate: boolean;
  /** Ten seconds unless given. */
  readonly timeoutMs?: number;
  readonly resolve?: ResolveHost;
}

/**
 * A sender that resolves and checks the address for every attempt and connects to no other address than those that it has checked, whatever
 * the name resolves to by then. It follows no redirect and uses no proxy.
 */
export function createWebhookSender(options: SenderOptions): WebhookSender {
  const { allowPrivate, timeoutMs = ATTEMPT_TIMEOUT_MS, resolve = resolveHost } = options;
  const checked = new LRUCache<string, readonly string[]>({ max: MAX_HOSTS });
  const agent = new Agent({
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    clientTtl: CONNECTION_TTL_MS,
    connect: { timeout: timeoutMs, lookup: lookupChecked(checked) },
  });
  const check = async (url: URL) => {
    const addresses = await resolve(url.hostname);
    const faults = addresses.map((address) => faultOfAddress(address, { allowPrivate }));
    const allowed = addresses.filter((_, index) => faults[index] === undefined);
    if (allowed.length === 0)
      throw new Error(`${url.hostname} may not be sent to: ${faults[0] ?? 'it has no address'}`);
    checked.set(url.hostname, allowed);
  };
  return {
    send: async (message, stopping) => {
      const startedAt = performance.now();
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
      const answer = await post(message, { agent, check, signal, timeoutMs }).catch((error: unknown) => {
        stopping.throwIfAborted();
        return { status: null, retryAfterMs: null, error: describeFault(error, timeoutMs) };
      });
      return { ...answer, durationMs: Math.round(performance.now() - startedAt) };
    },
    close: () => agent.destroy(),
  };
}

interface Connection {
  readonly agent: Agent;
  readonly check: (url: URL) => Promise<void>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

async function post(
  message: WebhookMessage,
  { agent, check, signal, timeoutMs }: Connection,
): Promise<Omit<Attempt, 'durationMs'>> {
  const { url, secret, previousSecrets, id, body } = message;
  const target = new URL(url);
  await untilAborted(check(target), signal);
  const response = await request(target, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json',
      'user-agent': 'order-saga',
      ...signedHeaders(secret, id, body, previousSecrets),
    },
    body,
    signal,
  });
  const { statusCode: status, headers } = response;
  try {
    await readAnswer(response.body);
  } catch (error) {
    return { status, retryAfterMs: null, error: `answered ${status}, then ${describeFault(error, timeoutMs)}` };
  }
  const isReceived = status >= 200 && status < 300;
  return {
    status,
    retryAfterMs: isReceived ? null : readRetryAfter(headers['retry-after']),
    error: isReceived ? null : describeStatus(status),
  };
}

/** Reads an answer to its end, or to what is read of it at most; leaving it early closes the connection. */
async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return;
  }
}

function describeStatus(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return isRedirect ? `answered ${status}; redirects are not followed` : `answered ${status}`;
}

/** Connects to what was checked last for a name, and to nothing else. */
function lookupChecked(checked: LRUCache<string, readonly string[]>): LookupFunction {
  return (hostname, { all }, callback) => {
    const addresses = (checked.get(hostname) ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    const [first] = addresses;
    if (!first) callback(new Error(`${hostname} was not checked`), '', 0);
    else if (all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
}

/** Name servers can't be told to stop: an attempt that is over does not wait for them. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

/** `Retry-After` as seconds or as a date; null for anything else. */
function readRetryAfter(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** Longer texts say no more to a reader. */
const MAX_FAULT = 300;

function describeFault(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error).slice(0, MAX_FAULT);
  if (error.name === 'TimeoutError') return `no whole answer within ${timeoutMs / 1_000} s`;
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  if (first !== undefined) return describeFault(first, timeoutMs);
  return (error.message === '' ? error.name : error.message).slice(0, MAX_FAULT);
}
