import { fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../../dev/local/free-port.ts';

/** What a server is asked for: to begin to measure, or what it took since. */
export type ServerOrder = 'begin' | 'measure';

/** What requests took of a server. */
export interface Effort {
  /** The longest time for which it did nothing else, in milliseconds of its processor. */
  readonly longestMs: number;
  /** Bytes that it holds, garbage collected. */
  readonly heldBytes: number;
}

export interface MeasuredServer {
  readonly port: number;
  readonly begin: () => Promise<Effort>;
  readonly measure: () => Promise<Effort>;
  readonly stop: () => Promise<void>;
}

/** Starts the API in a process of its own, whose heap is bounded: what takes far more than it may ends it, and the test with it. */
export async function startMeasuredServer(
  sandbox: { url: string; databaseUrl: string },
  settings: Record<string, string>,
): Promise<MeasuredServer> {
  const port = await freePort();
  const program = new URL('server.ts', import.meta.url).pathname;
  const args = [sandbox.url, sandbox.databaseUrl, String(port), JSON.stringify(settings)];
  // Without this process' environment: measuring coverage there would slow down what is measured here.
  const child = fork(program, args, { execArgv: ['--expose-gc', '--max-old-space-size=256'], env: {} });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the server ended with ${String(code)}`);
  });
  gone.catch(() => {});
  const hear = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), gone]))[0];
  const ask = async (order: ServerOrder): Promise<Effort> => {
    const heard = hear();
    child.send(order);
    return (await heard) as Effort;
  };
  await hear();
  return {
    port,
    begin: () => ask('begin'),
    measure: () => ask('measure'),
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
