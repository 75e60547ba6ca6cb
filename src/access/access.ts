import type { Config } from '../config.ts';
import type { Copies } from '../redis/open-copies.ts';
import type { Database } from '../repositories/database.ts';
import { createRateLimiter } from '../repositories/rate-limits.ts';
import { readPrimary, readReplica, type Reader } from '../repositories/reader.ts';
import type { Replica } from '../repositories/replica.ts';
import { authenticator, type Authenticate } from './authenticate.ts';
import { limitConcurrency, type ConcurrencyLimit } from './concurrency-limit.ts';
import type { RateLimiters } from './count-request.ts';
import { createStreamShares, type StreamShares } from './stream-shares.ts';

/** What the doors of a process share: who comes in, how often, and how much runs at a time. */
export interface Access {
  readonly authenticate: Authenticate;
  readonly limiters: RateLimiters;
  /** Reads lists, exports and reports. */
  readonly reader: Reader;
  /** Limits how many orders are accepted at a time. */
  readonly acceptance: ConcurrencyLimit;
  /** Limits how many waiting requests read their order at a time. */
  readonly reading: ConcurrencyLimit;
  /** Limits how many reports run at a time. */
  readonly reporting: ConcurrencyLimit;
  /** Counts the streams of events that each customer has open. */
  readonly shares: StreamShares;
}

interface AccessDependencies {
  readonly config: Pick<Config, 'api' | 'auth'>;
  readonly database: Database;
  readonly replica?: Replica | undefined;
  readonly copies?: Copies | undefined;
}

/** Concurrent requests share look-ups and SQL statements, so throughput grows with concurrency up to about this many. */
const ACCEPTANCES_AT_ONCE = 256;

/** Many requests may wait for their orders; reading them must not take all database connections. */
const READS_AT_ONCE = 8;

/** A report may read a year of orders; connections have to be left for placing orders. */
const REPORTS_AT_ONCE = 2;

/** Throws `ConfigError` when there is no way to check tokens. */
export function createAccess({ config, database, replica, copies }: AccessDependencies): Access {
  const { rateLimit, webhookRateLimit } = config.api;
  const limiterOf = (perMinute: number) =>
    perMinute > 0 ? createRateLimiter(database.pool, perMinute, copies?.redis) : undefined;
  return {
    authenticate: authenticator(config.auth),
    limiters: { users: limiterOf(rateLimit), webhooks: limiterOf(webhookRateLimit) },
    reader: replica ? readReplica(database.db, replica) : readPrimary(database.db),
    acceptance: limitConcurrency(ACCEPTANCES_AT_ONCE),
    reading: limitConcurrency(READS_AT_ONCE),
    reporting: limitConcurrency(REPORTS_AT_ONCE),
    shares: createStreamShares(),
  };
}
