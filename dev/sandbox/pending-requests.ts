import { uuidv7 } from 'uuidv7';
import type { Logger } from '../../src/logger.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';

/** A service that can answer later. */
export type LaterService = 'inventory' | 'payment';

/** When and how a request is decided on that was accepted only; `afterMs` null: never. */
export interface Later {
  afterMs: number | null;
  isRefused: boolean;
}

/** A request that was accepted with 202. `refusal`: why it was refused, once it is. `due_at`: when it is decided on; null: never, or already. */
export interface PendingRow<Request = unknown> {
  id: string;
  service: LaterService;
  /** The idempotency key of a charge, the order's id for a reservation. */
  key: string;
  order_id: string;
  request: Request;
  is_refused: boolean;
  refusal: unknown;
  due_at: Date | null;
  created_at: Date;
}

/** Decides on a request; returns why it is refused, or null when there is nothing more to say than the service's books do. */
export type Decide = (row: PendingRow) => Promise<unknown>;

/** Requests that are decided on later: stored, to survive a restart, and read from memory, so that other requests cost nothing. */
export interface PendingRequests {
  accept(request: Pick<PendingRow, 'service' | 'key' | 'order_id' | 'request'>, later: Later): Promise<PendingRow>;
  find(service: LaterService, key: string): PendingRow | undefined;
  findById(id: string): PendingRow | undefined;
  /** Forgets the requests of an order, or the one with this key. */
  forget(service: LaterService, orderId: string, key?: string): Promise<void>;
  /** Decides on a request now, whatever was planned. */
  decideNow(row: PendingRow, isRefused: boolean): Promise<void>;
  /** From now on requests are decided on when they are due, by the function of their service. */
  decideBy(decide: Record<LaterService, Decide>): void;
  /** Waits for running decisions and stops. */
  stop(): Promise<void>;
}

/** How soon a decision is tried again that failed, such as while the database was away. */
const RETRY_MS = 250;

const insert = {
  name: 'sandbox-pending-insert',
  text: `
    INSERT INTO sandbox.pending_requests AS p (id, service, key, order_id, request, is_refused, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + $7::float8 * interval '1 millisecond')
    ON CONFLICT (service, key) DO UPDATE
      SET id = excluded.id, request = excluded.request, is_refused = excluded.is_refused, due_at = excluded.due_at, refusal = NULL
    RETURNING *`,
};
const all = { name: 'sandbox-pending', text: 'SELECT * FROM sandbox.pending_requests' };
const remove = { name: 'sandbox-pending-remove', text: 'DELETE FROM sandbox.pending_requests WHERE id = $1' };
const refuse = {
  name: 'sandbox-pending-refuse',
  text: 'UPDATE sandbox.pending_requests SET refusal = $2, due_at = NULL WHERE id = $1',
};

/** Opens the requests that an earlier process has accepted. */
export async function openPendingRequests(db: Pool, logger: Logger): Promise<PendingRequests> {
  const rows = new Map((await run<PendingRow>(db, all)).map((row) => [nameOf(row), row]));
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let decide: Record<LaterService, Decide> | undefined;

  const replace = (row: PendingRow) => (rows.set(nameOf(row), row), row);
  const schedule = (row: PendingRow, inMs: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const decision = settle(row).finally(() => running.delete(decision));
      running.add(decision);
    }, inMs);
    timer.unref();
    timers.add(timer);
  };

  async function settle(row: PendingRow): Promise<void> {
    if (rows.get(nameOf(row)) !== row) return;
    try {
      const refusal = await decide![row.service](row);
      if (refusal === null) await run(db, remove, [row.id]);
      else await run(db, refuse, [row.id, JSON.stringify(refusal)]);
      // It may have been forgotten meanwhile.
      if (rows.get(nameOf(row)) !== row) return;
      if (refusal === null) rows.delete(nameOf(row));
      else rows.set(nameOf(row), { ...row, refusal, due_at: null });
    } catch (error) {
      logger.warn({ err: error, service: row.service, order_id: row.order_id }, 'pending request not decided on');
      schedule(row, RETRY_MS);
    }
  }

  return {
    async accept(request, later) {
      const row = replace(await store(db, request, later));
      if (later.afterMs !== null) schedule(row, later.afterMs);
      return row;
    },
    find: (service, key) => rows.get(nameOf({ service, key })),
    findById: (id) => [...rows.values()].find((row) => row.id === id),
    async forget(service, orderId, key) {
      const isMeant = (row: PendingRow) => row.service === service && row.order_id === orderId;
      for (const row of [...rows.values()].filter((one) => isMeant(one) && (key ?? one.key) === one.key)) {
        rows.delete(nameOf(row));
        // A connection at a time is enough for what an order has.
        // oxlint-disable-next-line no-await-in-loop
        await run(db, remove, [row.id]);
      }
    },
    decideNow: (row, isRefused) => settle(replace({ ...row, is_refused: isRefused })),
    decideBy(functions) {
      decide = functions;
      for (const row of rows.values()) if (row.due_at) schedule(row, Math.max(0, row.due_at.getTime() - Date.now()));
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

type NewRequest = Parameters<PendingRequests['accept']>[0];

async function store(db: Pool, { service, key, order_id, request }: NewRequest, { afterMs, isRefused }: Later) {
  const values = [uuidv7(), service, key, order_id, JSON.stringify(request), isRefused, afterMs];
  const [row] = await run<PendingRow>(db, insert, values);
  if (row === undefined) throw new Error('an insert returned no request');
  return row;
}

function nameOf({ service, key }: Pick<PendingRow, 'service' | 'key'>): string {
  return `${service} ${key}`;
}
