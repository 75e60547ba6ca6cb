import { pino } from 'pino';
import { createHttpClient, type HttpClient } from '../dev/replay/http-client.ts';
import { readRunningSystem, type RunningSystem } from '../src/cli/local-system/running-system.ts';
import { readTokenSettings, signToken } from '../src/cli/local-system/sign-token.ts';
import { connectTemporal, type TemporalConnection } from '../src/temporal/connection.ts';
import { installRuntime } from '../src/worker/worker.ts';

/** The running system and connections to it, until disposed of. */
export interface BenchedSystem extends AsyncDisposable {
  readonly running: RunningSystem;
  /** With a service token. It never retries, so that 429 and 503 are counted and not hidden. */
  readonly api: HttpClient;
  readonly temporal: TemporalConnection;
  /** Processes of servers that the running system does not run itself. */
  readonly pids?: Readonly<Record<string, number>>;
}

/** Longer than any run takes. */
const TOKEN_MS = 2 * 3_600_000;
const CONNECT_LIMIT_MS = 10_000;

/** Finds the running system and connects to its API and Temporal; throws when there is none or Temporal does not answer. */
export async function connect(): Promise<BenchedSystem> {
  const running = readRunningSystem();
  if (running === undefined) throw new Error('No running system found: start it with `npm start` first.');
  const settings = readTokenSettings();
  if (settings === undefined) throw new Error('No secret to sign a token with: set JWT_SECRET to that of the API.');
  const token = await signToken({ sub: 'bench', roles: ['service'], expiresMs: TOKEN_MS }, settings);
  const headers = { authorization: `Bearer ${token}` };
  const temporal = await connectToEngine(running);
  return {
    running,
    api: createHttpClient({ name: 'The API', baseUrl: running.apiUrl, headers, patienceMs: 0 }),
    temporal,
    [Symbol.asyncDispose]: () => temporal.connection.close(),
  };
}

async function connectToEngine({ temporalAddress, temporalNamespace }: RunningSystem): Promise<TemporalConnection> {
  // Standard output belongs to the report.
  const logger = pino({ level: 'error' }, pino.destination(2));
  installRuntime(logger);
  process.env['TEMPORAL_ADDRESS'] = temporalAddress;
  process.env['TEMPORAL_NAMESPACE'] = temporalNamespace;
  try {
    return await connectTemporal(logger, AbortSignal.timeout(CONNECT_LIMIT_MS), undefined);
  } catch (cause) {
    throw new Error(`Temporal (${temporalAddress}) did not answer within ${CONNECT_LIMIT_MS / 1_000} s`, { cause });
  }
}
