import type { ChargingRules, PlacingRules } from '../domain/order-rules.ts';
import type { OrderAnnouncer } from '../events/order-announcer.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { OrderCommands } from '../temporal/order-commands.ts';

/** What the use cases of orders work with; each takes the part that it needs. */
export interface OrderDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'inventory' | 'customer' | 'payment'>;
  readonly commands: OrderCommands;
  readonly changes: ChangeWaiter;
  readonly logger: Logger;
  readonly announcer: OrderAnnouncer;
  readonly rules: PlacingRules & ChargingRules;
  /** How long after its delivery an order may be returned. */
  readonly returnWindowMs: number;
  /** How long a caller waits for the outcome of a command. */
  readonly waitMs: number;
}

/** Wakes those who wait for an order to change. */
export interface ChangeWaiter {
  /** Reads again whenever the order may have changed, and resolves with the first value that is `settled`, or the last after `timeoutMs`. */
  readonly waitFor: <T>(
    orderId: string,
    read: () => Promise<T>,
    settled: (value: T) => boolean,
    timeoutMs: number,
  ) => Promise<T>;
}
