import type { Config } from '../config.ts';
import type { ChargingRules, PlacingRules } from '../domain/order-rules.ts';
import type { ChangeWaiters } from '../events/change-waiters.ts';
import type { OrderAnnouncer } from '../events/order-announcer.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../repositories/database.ts';
import type { Db } from '../repositories/schema.ts';
import type { OrderCommands } from '../temporal/order-commands.ts';

/** What the use cases of orders work with; each takes the part that it needs. */
export interface OrderDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'inventory' | 'customer' | 'payment'>;
  readonly commands: OrderCommands;
  readonly changes: Pick<ChangeWaiters, 'waitFor'>;
  readonly logger: Logger;
  readonly announcer: OrderAnnouncer;
  readonly rules: PlacingRules & ChargingRules;
  /** How long after its delivery an order may be returned. */
  readonly returnWindowMs: number;
  /** How long a caller waits for the outcome of a command. */
  readonly waitMs: number;
}

/** What a process has of that; the rules are its settings. */
interface ProcessParts extends Pick<OrderDependencies, 'gateways' | 'commands' | 'changes' | 'announcer' | 'logger'> {
  readonly config: Pick<Config, 'order'>;
  readonly database: Database;
}

/** What the use cases of orders work with in a process. */
export function toOrderDependencies(parts: ProcessParts): OrderDependencies {
  const { config, database, gateways, commands, changes, announcer, logger } = parts;
  const { order: rules } = config;
  const { waitMs, returnWindowMs } = rules;
  return { db: database.db, gateways, commands, changes, announcer, logger, rules, waitMs, returnWindowMs };
}
