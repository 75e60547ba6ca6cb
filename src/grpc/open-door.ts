import type { Access } from '../access/access.ts';
import { answersInTime } from '../access/answers-in-time.ts';
import { remember } from '../access/remember.ts';
import type { Config } from '../config.ts';
import type { OrderFeed } from '../events/order-feed.ts';
import { toOrderDependencies } from '../orders/dependencies.ts';
import type { Copies } from '../redis/open-copies.ts';
import type { Database } from '../repositories/database.ts';
import { ping } from '../repositories/ping.ts';
import type { GrpcDoor } from './door.ts';
import { serveGrpc, type GrpcServer } from './serve-grpc.ts';

/** What a process has that serves gRPC. */
interface GrpcParts extends Omit<Parameters<typeof toOrderDependencies>[0], 'config'> {
  readonly config: Config;
  readonly database: Database;
  readonly feed: OrderFeed;
  readonly copies?: Copies | undefined;
  readonly isStopping: () => boolean;
}

/** Anybody may ask, without a token: an answer is remembered for this long, so that asking often costs the database nothing. */
const MAX_AGE_MS = 1_000;

/** The gRPC door of a process, which shares what limits its callers with the process's other doors. */
export function toGrpcDoor(parts: GrpcParts, access: Access): GrpcDoor {
  const { config, database, feed, copies, logger, isStopping } = parts;
  const isDatabaseUp = remember(MAX_AGE_MS, () => answersInTime(() => ping(database.db)));
  return {
    orders: toOrderDependencies(parts),
    access,
    feed,
    copies,
    logger,
    timeZone: config.order.timeZone,
    logSample: config.api.logSample,
    isReady: async () => !isStopping() && (await isDatabaseUp()),
  };
}

/** Serves gRPC where the settings say so. */
export function openGrpcDoor(
  parts: GrpcParts,
  access: Access,
  settings: NonNullable<Config['grpc']>,
): Promise<GrpcServer> {
  return serveGrpc(toGrpcDoor(parts, access), { ...settings, silenceMs: parts.config.api.bodySilenceMs });
}
