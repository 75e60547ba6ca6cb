import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, connectHttp, type HttpConnection } from './connection.ts';

/** The result of a load of requests. */
export interface HttpLoad {
  readonly seconds: number;
  readonly answered: number;
  /** The number of answers by status; `no answer` counts requests without one. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of every request, also of failed ones: without them a bad run would look good. */
  readonly latenciesMs: readonly number[];
}

/** A load on one server; `next` makes each request, `onAnswer` gets each answer. */
export interface LoadPlan {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly next: () => string;
  readonly onAnswer?: (answer: Answer, request: string) => void;
  readonly signal: AbortSignal;
}

/** Measures the highest rate: each connection sends its next request as soon as it has an answer. */
export async function runClosedLoad(plan: LoadPlan): Promise<HttpLoad> {
  return runOnEach(plan, async (sendNext, startedMs) => {
    const endMs = startedMs + plan.seconds * 1_000;
    while (performance.now() < endMs && !plan.signal.aborted) await sendNext();
  });
}

/** Sends so many requests, each connection its next one as soon as it has an answer; a broken connection ends with what it was sending. */
export async function runCountedLoad(plan: Omit<LoadPlan, 'seconds'>, count: number): Promise<HttpLoad> {
  let waiting = count;
  return runOnEach(plan, async (sendNext) => {
    while (waiting > 0 && !plan.signal.aborted) {
      waiting -= 1;
      if (!(await sendNext())) return;
    }
  });
}

/** Runs `run` on every connection at once; `sendNext` sends the next request and returns whether the connection can be used again. */
async function runOnEach(
  plan: Omit<LoadPlan, 'seconds'>,
  run: (sendNext: () => Promise<boolean>, startedMs: number) => Promise<void>,
): Promise<HttpLoad> {
  const tally = createTally(plan);
  const connections = await connectAll(plan);
  const startedMs = performance.now();
  await Promise.all(connections.map((connection) => run(() => tally.send(connection, performance.now()), startedMs)));
  const seconds = (performance.now() - startedMs) / 1_000;
  for (const connection of connections) connection.close();
  plan.signal.throwIfAborted();
  return tally.result(seconds);
}

/** How often a client tries to reconnect. */
const RECONNECT_MS = 100;

/** How long a server may be unavailable at the end before waiting requests count as lost. */
const PATIENCE_MS = 15_000;

/** Timers fire at most once a millisecond: all requests that are due by then are sent together. */
const TICK_MS = 1;

/**
 * Measures latency at `rate` requests a second: requests are due on a fixed schedule, and latency counts from that moment, so that a
 * server that stalls is charged with every request that becomes due meanwhile.
 */
export async function runOpenLoad(plan: LoadPlan, rate: number): Promise<HttpLoad> {
  const tally = createTally(plan);
  const connections = await connectAll(plan);
  const free = [...connections];
  const due: number[] = [];
  const underWay = new Set<Promise<void>>();
  const over = new AbortController();
  const sendOn = async (connection: HttpConnection, dueMs: number) => {
    const isIntact = await tally.send(connection, dueMs);
    if (isIntact) free.push(connection);
    else void replace();
    dispatch();
  };
  /** Reconnects, as a client does, as soon as the server is back. */
  const replace = async () => {
    for (; !over.signal.aborted; await delay(RECONNECT_MS)) {
      const connection = await connectHttp(plan.url).catch(() => undefined);
      if (!connection) continue;
      if (over.signal.aborted) return connection.close();
      connections.push(connection);
      free.push(connection);
      dispatch();
      return;
    }
  };
  const dispatch = () => {
    while (due.length > 0 && free.length > 0) {
      const connection = free.pop();
      const dueMs = due.shift();
      if (!connection || dueMs === undefined) return;
      const sent = sendOn(connection, dueMs);
      underWay.add(sent);
      void sent.finally(() => underWay.delete(sent));
    }
  };
  const startedMs = performance.now();
  const total = Math.round(rate * plan.seconds);
  for (let planned = 0; planned < total && !plan.signal.aborted; await delay(TICK_MS)) {
    const until = Math.min(Math.floor(((performance.now() - startedMs) / 1_000) * rate), total);
    for (; planned < until; planned += 1) due.push(startedMs + (planned / rate) * 1_000);
    dispatch();
  }
  const patienceEndMs = performance.now() + PATIENCE_MS;
  while (underWay.size > 0 || (due.length > 0 && performance.now() < patienceEndMs)) {
    await delay(TICK_MS);
  }
  over.abort();
  const seconds = (performance.now() - startedMs) / 1_000;
  for (const connection of connections) connection.close();
  plan.signal.throwIfAborted();
  // Requests for which no connection was left.
  for (const dueMs of due) tally.lose(dueMs);
  return tally.result(seconds);
}

async function connectAll({ url, connections }: Pick<LoadPlan, 'url' | 'connections'>): Promise<HttpConnection[]> {
  return Promise.all(Array.from({ length: connections }, () => connectHttp(url)));
}

function createTally({ next, onAnswer }: Pick<LoadPlan, 'next' | 'onAnswer'>) {
  const latenciesMs: number[] = [];
  const outcomes: Record<string, number> = {};
  let answered = 0;
  const count = (label: string, sinceMs: number) => {
    latenciesMs.push(performance.now() - sinceMs);
    outcomes[label] = (outcomes[label] ?? 0) + 1;
  };
  return {
    /** Sends the next request; returns whether the connection can be used again. */
    send: async (connection: HttpConnection, sinceMs: number): Promise<boolean> => {
      const request = next();
      try {
        const answer = await connection.send(request);
        count(String(answer.status), sinceMs);
        answered += 1;
        onAnswer?.(answer, request);
        return true;
      } catch {
        count('no answer', sinceMs);
        return false;
      }
    },
    lose: (sinceMs: number) => {
      count('not sent', sinceMs);
    },
    result: (seconds: number): HttpLoad => ({ seconds, answered, outcomes, latenciesMs }),
  };
}
