import { extname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { readRunningSystem, type RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { describeExit, type Exit, kill, type LogLine, spawnServer } from './server-process.ts';

/** The whole product as `npm start` runs it, on its own ports and in processes that a test may kill. */
export interface PrivateSystem {
  /** Its addresses and current process ids; a restarted process has another id. Throws when it isn't running. */
  running(): RunningSystem;
  /** Resolves when all of it is gone. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Where its data is, which settings it gets beside its ports, and who gets its output. */
export interface PrivateSystemOptions {
  dataDir: string;
  settings?: Readonly<Record<string, string>>;
  log: LogLine;
}

const extension = extname(import.meta.filename);

// Building the Temporal CLI takes minutes the first time but prints its progress: a start that is silent for so long is stuck.
const SILENCE_LIMIT_MS = 90_000;
// The last lines say why it did not start.
const MAX_LINES = 200;
// Each of its processes gets ten seconds.
const STOP_LIMIT_MS = 60_000;

/** Starts a system on free ports; with the data of an earlier one it continues that. Rejects with its output when it does not start. */
export async function startPrivateSystem({ dataDir, settings, log }: PrivateSystemOptions): Promise<PrivateSystem> {
  const said: string[] = [];
  const up = Promise.withResolvers<string | undefined>();
  const silence = setTimeout(() => up.resolve('took too long'), SILENCE_LIMIT_MS).unref();
  const child = await spawnServer({
    command: process.execPath,
    args: [join(import.meta.dirname, '..', `main-start${extension}`)],
    // A test or bench must not be slowed down by the rate limit.
    env: { ...pickInherited(), ...(await findFreePorts()), DATA_DIR: dataDir, RATE_LIMIT: '0', ...settings },
    log: (line) => {
      if (said.push(line) > MAX_LINES) said.shift();
      if (line.includes('is up after')) up.resolve(undefined);
      silence.refresh();
      log(line);
    },
    stopLimitMs: STOP_LIMIT_MS,
    // So that it stops its own processes.
    killSignal: 'SIGTERM',
  });
  const failure = await Promise.race([up.promise, child.exited.then((exit) => `ended with ${describeExit(exit)}`)]);
  clearTimeout(silence);
  if (failure !== undefined) {
    await child.stop();
    throw new Error(`The system ${failure} while it started:\n${said.join('\n')}`);
  }
  return {
    running: () => {
      const running = readRunningSystem({ DATA_DIR: dataDir });
      if (running === undefined) throw new Error(`No system is running on ${dataDir}`);
      return running;
    },
    stop: async (signal) => {
      if (signal !== undefined) kill(child.pid, signal);
      else await child.stop();
      return await child.exited;
    },
  };
}

async function findFreePorts(): Promise<Record<string, string>> {
  const names = ['API_PORT', 'METRICS_PORT', 'SANDBOX_PORT', 'TEMPORAL_UI_PORT', 'TEMPORAL_PORT', 'POSTGRES_PORT'];
  const ports = await Promise.all(names.map(() => freePort()));
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
}

/** Only these variables, so that no setting points the system to the servers of another one. */
function pickInherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR, TEMPORAL_CLI } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, XDG_CACHE_HOME, TMPDIR, TEMPORAL_CLI }).filter(([, value]) => value !== undefined),
  );
}
