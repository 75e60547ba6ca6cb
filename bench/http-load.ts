import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, connectHttp, type HttpConnection } from './connection.ts';

/** What a load of requests came to. */
export interface HttpLoad {
  readonly seconds: number;
  readonly answered: number;
  /** Answers by status; `no answer` where there was none. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of every request, also of those that failed: leaving them out would make a bad run look good. */
  readonly latenciesMs: readonly number[];
}

/** A load on one server; `next` makes one request after the other, `onAnswer` sees what came of each. */
export interface LoadPlan {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly next: () => string;
  readonly onAnswer?: (answer: Answer, request: string) => void;
  readonly signal: AbortSignal;
}

/** How fast it goes: each connection sends its next request as soon as it has its answer. */
export async function runClosedLoad(plan: LoadPlan): Promise<HttpLoad> {
  const tally = createTally(plan);
  const connections = await connectAll(plan);
  const startedMs = performance.now();
  const endMs = startedMs + plan.seconds * 1_000;
  const run = async (connection: HttpConnection) => {
    while (performance.now() < endMs && !plan.signal.aborted) {
      await tally.send(connection, performance.now());
    }
  };
  await Promise.all(connections.map(run));
  const seconds = (performance.now() - startedMs) / 1_000;
  for (const connection of connections) connection.close();
  plan.signal.throwIfAborted();
  return tally.result(seconds);
}

/** How often a client whose server is gone looks for it. */
const RECONNECT_MS = 100;

/** How long a server may stay away at the end before what waits for it counts as lost. */
const PATIENCE_MS = 15_000;

/** Timers fire a millisecond apart at best: what became due since goes out together. */
const TICK_MS = 1;

/**
 * How it is at `rate` requests a second: each has its moment on a schedule that waits for nobody, and its latency counts from that
 * moment, so that a server that stalls is charged with all who come meanwhile.
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
  /** As a client does whose server went away: it comes back as soon as the server does. */
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
  // Those for which no connection was left.
  for (const dueMs of due) tally.lose(dueMs);
  return tally.result(seconds);
}

async function connectAll({ url, connections }: LoadPlan): Promise<HttpConnection[]> {
  return Promise.all(Array.from({ length: connections }, () => connectHttp(url)));
}

function createTally({ next, onAnswer }: LoadPlan) {
  const latenciesMs: number[] = [];
  const outcomes: Record<string, number> = {};
  let answered = 0;
  const count = (label: string, sinceMs: number) => {
    latenciesMs.push(performance.now() - sinceMs);
    outcomes[label] = (outcomes[label] ?? 0) + 1;
  };
  return {
    /** Sends the next request and returns whether the connection can be used again. */
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
