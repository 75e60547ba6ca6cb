import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../dev/local/free-port.ts';
import { startPrivateSystem } from '../dev/local/private-system.ts';
import { signToken } from '../src/cli/local-system/sign-token.ts';
import type { PartContext } from './part.ts';
import { seedOrders } from './seed-orders.ts';

/** The size and place of the bench's own system. */
export interface OwnSystemSettings {
  /** The folder of its data, which the next run uses again; by default a temporary folder, which is deleted. */
  readonly dataDir: string | undefined;
  readonly seed: number;
  /** A Temporal to use instead of a dev server. */
  readonly temporalAddress: string | undefined;
}

/** The past orders have no workflows: the reconciler must not look for them during a measurement. */
const settings = { RECONCILE_INTERVAL: '24d' };

/** Starts the whole product on its own ports and data, filled with past orders; disposing of it stops it. */
export async function startOwnSystem(
  { dataDir, seed, temporalAddress }: OwnSystemSettings,
  say: (text: string) => void,
): Promise<Pick<PartContext, 'system' | 'grpcUrl' | 'dataDir' | 'seeded' | 'authorization'> & AsyncDisposable> {
  const folder = dataDir === undefined ? await mkdtemp(join(tmpdir(), 'order-saga-bench-')) : resolve(dataDir);
  say(`starting a system of its own on ${folder}`);
  const grpcPort = String(await freePort());
  const system = await startPrivateSystem({
    dataDir: folder,
    settings: {
      ...settings,
      GRPC_PORT: grpcPort,
      ...(temporalAddress !== undefined && { TEMPORAL_ADDRESS: temporalAddress }),
    },
    log: () => {},
  });
  const stop = async () => {
    await system.stop();
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const running = system.running();
    if (running.databaseAdminUrl === undefined) throw new Error('The system has no database of its own.');
    await seedOrders(running.databaseAdminUrl, seed, say);
    const authorization = `Bearer ${await signToken({ sub: 'bench', roles: ['service'], expiresMs: TOKEN_MS }, running)}`;
    const grpcUrl = `http://localhost:${grpcPort}`;
    return { system, grpcUrl, dataDir: folder, seeded: seed, authorization, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Longer than any run takes. */
const TOKEN_MS = 12 * 3_600_000;
