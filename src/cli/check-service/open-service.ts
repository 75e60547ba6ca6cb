import { setTimeout as pause } from 'node:timers/promises';
import { request as sendRequest, type Dispatcher } from 'undici';
import type { ServiceEndpoint } from '../../config/service-settings.ts';
import { tokenSourceOf } from '../../gateways/service-credentials.ts';
import { tlsAgent } from '../../gateways/tls-agent.ts';
import { BrokenPromise, type Answer, type Call, type Service } from './check.ts';

/** The limit of a step's call, unless the settings have another. */
export const STEP_LIMIT_MS = 1_500;

/** Waits longer than the product does: a late answer is a finding of its own, and the others are to be made all the same. */
const ANSWER_LIMIT_MS = 15_000;

/** How often a call is made again that is turned away, and how long it waits at most before. */
const MAX_ATTEMPTS = 5;
const MAX_PAUSE_MS = 5_000;

/** A service at an endpoint, called with its credentials; `heard` is told of every answer. */
export function openService(endpoint: ServiceEndpoint, heard: (call: Call, answer: Answer) => void): Service {
  const dispatcher = endpoint.tls && tlsAgent(endpoint.tls, () => {});
  const tokens = tokenSourceOf(endpoint, dispatcher);
  const baseUrl = endpoint.url.replace(/\/+$/, '');
  const sendOnce = async (call: Call): Promise<Answer & { readonly retryAfter: string | undefined }> => {
    const token = call.isAnonymous === true ? undefined : await tokens?.current();
    const startedAt = performance.now();
    const signal = AbortSignal.timeout(call.cutAfterMs ?? ANSWER_LIMIT_MS);
    const response = await sendRequest(baseUrl + call.path, {
      method: call.method,
      headers: headersOf(call, token),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
      ...(dispatcher && { dispatcher }),
    });
    const body = await readBody(response);
    const { 'retry-after': after } = response.headers;
    const answer = { status: response.statusCode, body, tookMs: performance.now() - startedAt };
    heard(call, answer);
    return { ...answer, retryAfter: typeof after === 'string' ? after : undefined };
  };
  return {
    hasCredentials: tokens !== undefined || endpoint.tls?.client !== undefined,
    send: async (call) => {
      for (let attempt = 1; ; attempt += 1) {
        // One after the other: each waits for what the one before was told.
        // oxlint-disable-next-line no-await-in-loop
        const answer = await sendOnce(call).catch((error: unknown) => {
          throw new BrokenPromise(`${call.method} ${call.path} got no answer: ${reasonOf(error)}`);
        });
        const isTurnedAway = answer.status === 429 || answer.status === 503;
        if (!isTurnedAway || attempt === MAX_ATTEMPTS) return answer;
        const asked = Number(answer.retryAfter ?? '0.25') * 1_000;
        // oxlint-disable-next-line no-await-in-loop
        await pause(Number.isNaN(asked) ? 1_000 : Math.min(asked, MAX_PAUSE_MS));
      }
    },
    sendAndLeave: async (call) => {
      await sendOnce(call).catch(() => undefined);
    },
  };
}

function headersOf({ body, key }: Call, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    'x-request-id': 'orders-check-service',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

async function readBody({ body }: Dispatcher.ResponseData): Promise<unknown> {
  const text = await body.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `none within ${ANSWER_LIMIT_MS / 1_000} s`;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
