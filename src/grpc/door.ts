import type { Access } from '../access/access.ts';
import type { OrderFeed } from '../events/order-feed.ts';
import type { Logger } from '../logger.ts';
import type { OrderDependencies } from '../orders/dependencies.ts';
import type { TimeZone } from '../orders/read-moment.ts';
import type { Copies } from '../redis/open-copies.ts';

/** What the gRPC door works with; it shares all of it with the HTTP door of its process. */
export interface GrpcDoor {
  readonly orders: OrderDependencies;
  readonly access: Access;
  readonly feed: OrderFeed;
  readonly copies?: Copies | undefined;
  readonly logger: Logger;
  /** The days that lists are asked for are those of the shop. */
  readonly timeZone: TimeZone;
  /** The share of successful reads that is logged where they are many. */
  readonly logSample: number;
  /** Whether orders can be accepted, and the process was not told to stop. */
  readonly isReady: () => Promise<boolean>;
}
