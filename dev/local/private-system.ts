import { extname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { readRunningSystem, type RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { describeExit, type Exit, kill, type LogLine, spawnServer } from './server-process.ts';

/** The whole product as `npm start` runs it, on ports of its own, in processes that may be killed. */
export interface PrivateSystem {
  /** Where it is and which processes it has now: a killed one comes back under another id. Throws when it isn't running. */
  running(): RunningSystem;
  /** Resolves when all of it is gone. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Where its data lies, which settings it gets beside its ports, and who hears what it says. */
export interface PrivateSystemOptions {
  dataDir: string;
  settings?: Readonly<Record<string, string>>;
  log: LogLine;
}

const extension = extname(import.meta.filename);

// Getting hold of the programs takes minutes the first time, and says so as it goes: whoever says nothing for so long is stuck.
const SILENCE_LIMIT_MS = 90_000;
// What it said last tells why it didn't come up.
const MAX_LINES = 200;
// Its own processes get ten seconds each.
const STOP_LIMIT_MS = 60_000;

/** Starts it on free ports; on the data of an earlier one it goes on with that. Rejects with what it said when it doesn't come up. */
export async function startPrivateSystem({ dataDir, settings, log }: PrivateSystemOptions): Promise<PrivateSystem> {
  const said: string[] = [];
  const up = Promise.withResolvers<string | undefined>();
  const silence = setTimeout(() => up.resolve('took too long'), SILENCE_LIMIT_MS).unref();
  const child = await spawnServer({
    command: process.execPath,
    args: [join(import.meta.dirname, '..', `main-start${extension}`)],
    // Whoever runs a system of their own measures the product and not its manners.
    env: { ...pickInherited(), ...(await findFreePorts()), DATA_DIR: dataDir, RATE_LIMIT: '0', ...settings },
    log: (line) => {
      if (said.push(line) > MAX_LINES) said.shift();
      if (line.includes('is up after')) up.resolve(undefined);
      silence.refresh();
      log(line);
    },
    stopLimitMs: STOP_LIMIT_MS,
    // So that it stops what it started.
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
  const names = ['API_PORT', 'SANDBOX_PORT', 'TEMPORAL_UI_PORT', 'TEMPORAL_PORT', 'POSTGRES_PORT'];
  const ports = await Promise.all(names.map(() => freePort()));
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
}

/** Nothing of the surroundings may point the system at another one's servers. */
function pickInherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR, TEMPORAL_CLI } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, XDG_CACHE_HOME, TMPDIR, TEMPORAL_CLI }).filter(([, value]) => value !== undefined),
  );
}
