import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { createHttpClient, type HttpClient } from '../dev/replay/http-client.ts';
import { readRunningSystem, type RunningSystem } from '../src/cli/local-system/running-system.ts';
import { connectEngine, type Engine } from '../src/temporal/connection.ts';
import { installRuntime } from '../src/temporal/worker.ts';

/** The running system and ways to talk to it, until disposed of. */
export interface BenchedSystem extends AsyncDisposable {
  readonly running: RunningSystem;
  /** With a service token. Tries once: an answer that asks to come again is counted and not hidden. */
  readonly api: HttpClient;
  readonly engine: Engine;
}

/** Longer than any run takes. */
const TOKEN_LIFETIME = '2h';
const CONNECT_LIMIT_MS = 10_000;

/** Finds the running system and connects to its API, sandbox and Temporal; throws when there is none or one does not answer. */
export async function connect(): Promise<BenchedSystem> {
  const running = readRunningSystem();
  if (running === undefined) throw new Error('No running system found: start it with `npm start` first.');
  const headers = { authorization: `Bearer ${await serviceToken()}` };
  const engine = await connectToEngine(running);
  return {
    running,
    api: createHttpClient({ name: 'The API', baseUrl: running.apiUrl, headers, patienceMs: 0 }),
    engine,
    [Symbol.asyncDispose]: () => engine.connection.close(),
  };
}

async function serviceToken(): Promise<string> {
  const script = fileURLToPath(new URL('../dev/token.ts', import.meta.url));
  const args = [script, '--sub', 'bench', '--role', 'service', '--expires', TOKEN_LIFETIME];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim();
}

async function connectToEngine({ temporalAddress, temporalNamespace }: RunningSystem): Promise<Engine> {
  // Standard output belongs to the report.
  const logger = pino({ level: 'error' }, pino.destination(2));
  installRuntime(logger);
  process.env['TEMPORAL_ADDRESS'] = temporalAddress;
  process.env['TEMPORAL_NAMESPACE'] = temporalNamespace;
  try {
    return await connectEngine(logger, AbortSignal.timeout(CONNECT_LIMIT_MS));
  } catch (cause) {
    throw new Error(`Temporal (${temporalAddress}) did not answer within ${CONNECT_LIMIT_MS / 1_000} s`, { cause });
  }
}
