import type { MiddlewareHandler } from 'hono';
import type { Access } from '../access/access.ts';
import type { Config } from '../config.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Logger } from '../logger.ts';
import type { ImportDependencies } from '../imports/dependencies.ts';
import type { ReportStarter } from '../orders/reconcile-payments.ts';
import type { ResolutionDependencies } from '../orders/resolve-sagas.ts';
import type { EndpointDependencies } from '../events/webhooks/manage-endpoints.ts';
import type { OrderDependencies } from '../orders/dependencies.ts';
import type { Database } from '../repositories/database.ts';
import type { Replica } from '../repositories/replica.ts';
import type { Copies } from '../redis/open-copies.ts';
import type { OrderAnnouncer } from '../events/order-announcer.ts';
import type { OrderChanges } from '../events/order-changes.ts';
import type { WorkersView } from '../temporal/describe-workers.ts';
import type { ImportCommands } from '../temporal/import-client.ts';
import type { OrderCommands } from '../temporal/order-commands.ts';
import type { OrderFeed } from '../events/order-feed.ts';
import type { Role } from '../domain/caller.ts';
import type { RateLimits } from './middleware/limit-rate.ts';
import type { CallerEnv } from './env.ts';

/** What the API works with. */
export interface ApiDependencies {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly commands: OrderCommands;
  readonly importCommands: ImportCommands;
  /** Starts the workflow of a registered resolution. */
  readonly startResolution: ResolutionDependencies['startResolution'];
  /** Starts the workflow of a registered comparison with the payment service. */
  readonly startReport: ReportStarter['startReport'];
  readonly announcer: OrderAnnouncer;
  readonly changes: OrderChanges;
  readonly feed: OrderFeed;
  readonly gateways: Pick<Gateways, 'inventory' | 'customer' | 'payment'>;
  /** Answers lists, exports and reports where there is one. */
  readonly replica?: Replica | undefined;
  /** Redis, and the copies of what is answered about orders, where there is one. */
  readonly copies?: Copies | undefined;
  /** The workers that run. Rejects with `TemporalUnavailableError`. */
  readonly describeWorkers: () => Promise<WorkersView>;
  /** Whether Temporal answers. */
  readonly isTemporalReady: () => Promise<boolean>;
  /** Whether the process was told to stop. */
  readonly isStopping: () => boolean;
}

/** What routes are built with. */
export interface Api extends ApiDependencies, Access {
  /** What the use cases of orders work with. */
  readonly orders: OrderDependencies;
  /** What the use cases of imports work with. */
  readonly imports: ImportDependencies;
  /** What the use cases of webhook endpoints work with. */
  readonly endpoints: EndpointDependencies;
  /** Lets only callers with one of the roles through, and gives the handler the caller. */
  readonly allow: (...roles: readonly Role[]) => MiddlewareHandler<CallerEnv>;
  /** Limits how many requests are answered in a minute. */
  readonly limits: RateLimits;
}
