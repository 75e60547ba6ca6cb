import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import type { Logger } from '../../src/logger.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import { key } from './request.ts';

const services = ['inventory', 'payment', 'customer', 'notification', 'review'] as const;
const operations = [
  'reserve',
  'commit',
  'release',
  'charge',
  'authorize',
  'capture',
  'refund',
  'lookup',
  // A lookup, too, and one that can be met by itself.
  'lookup_capture',
  'send',
  'get',
  'review',
  'create',
] as const;
const modes = [
  'down',
  'fail_before_effect',
  'fail_after_effect',
  'timeout_after_effect',
  'late_effect',
  'decline',
  'slow',
  'answer_later',
  'refuse_later',
  'answer_never',
] as const;

/** A service that can have faults. */
export type FaultService = (typeof services)[number];
/** The operation that a request asks for. */
export type FaultOperation = (typeof operations)[number];
type FaultMode = (typeof modes)[number];

/** The body of `POST /faults`; unknown fields are refused, since a misspelt `match` would affect every order. */
export const faultBody = z.strictObject({
  service: z.enum(services),
  operation: z.enum([...operations, '*']),
  mode: z.enum(modes),
  times: z.number().int().min(1).max(1_000_000).optional(),
  match: z.strictObject({ order_id: key.optional(), payment_method: key.optional() }).optional(),
  delay_ms: z.number().int().min(0).max(600_000).optional(),
});

/** Which requests a fault hits: all that are about this order, and about payments with this method. */
export interface FaultMatch {
  order_id?: string | undefined;
  payment_method?: string | undefined;
}

/** A fault; `times` and `remaining` are null when it lasts until it is deleted. */
export interface Fault {
  id: string;
  service: FaultService;
  operation: FaultOperation | '*';
  mode: FaultMode;
  times: number | null;
  remaining: number | null;
  match: FaultMatch | null;
  delay_ms: number | null;
  created_at: Date;
}

/** The request that a fault may hit. */
export interface FaultTarget {
  service: FaultService;
  operation: FaultOperation;
  /** Whether the request is about this; may read the database. */
  concerns(match: FaultMatch): Promise<boolean>;
}

/** The faults: stored in the database to survive a restart, read from memory so that requests without faults cost nothing. */
export interface FaultStore {
  list(): Fault[];
  add(body: z.output<typeof faultBody>): Promise<Fault>;
  /** Removes a fault; returns whether it existed. */
  remove(id: string): Promise<boolean>;
  clear(): Promise<void>;
  /** Uses up one hit of the oldest matching fault; exactly `times` requests get one, also concurrent ones. */
  take(target: FaultTarget): Promise<Fault | undefined>;
}

const insert = {
  name: 'sandbox-fault-insert',
  text: `INSERT INTO sandbox.faults (id, service, operation, mode, times, remaining, match, delay_ms)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7) RETURNING *`,
};
const all = { name: 'sandbox-faults', text: 'SELECT * FROM sandbox.faults ORDER BY id' };
const removeOne = { name: 'sandbox-fault-remove', text: 'DELETE FROM sandbox.faults WHERE id::text = $1' };
const removeAll = { name: 'sandbox-faults-remove', text: 'DELETE FROM sandbox.faults' };
const hit = {
  name: 'sandbox-fault-hit',
  text: `WITH spent AS (DELETE FROM sandbox.faults WHERE id = $1 AND remaining <= 1)
         UPDATE sandbox.faults SET remaining = remaining - 1 WHERE id = $1 AND remaining > 1`,
};

/** Opens the store with the faults of an earlier process. */
export async function openFaultStore(db: Pool, logger: Logger): Promise<FaultStore> {
  let faults = await run<Fault>(db, all);
  const drop = (id: string) => (faults = faults.filter((fault) => fault.id !== id));

  return {
    list: () => faults,
    async add({ service, operation, mode, times, match, delay_ms }) {
      const values = [uuidv7(), service, operation, mode, times ?? null, match ?? null, delay_ms ?? null];
      const [fault] = await run<Fault>(db, insert, values);
      if (fault === undefined) throw new Error('an insert returned no fault');
      faults = [...faults, fault];
      return fault;
    },
    async remove(id) {
      await run(db, removeOne, [id]);
      const before = faults.length;
      return drop(id).length < before;
    },
    async clear() {
      await run(db, removeAll);
      faults = [];
    },
    async take(target) {
      const fault = await firstMatch(faults, target);
      if (fault === undefined || fault.remaining === null) return fault;
      fault.remaining -= 1;
      if (fault.remaining === 0) drop(fault.id);
      // A fault acts even when the database is unavailable.
      await run(db, hit, [fault.id]).catch((error: unknown) => logger.warn({ err: error }, 'fault count not stored'));
      return fault;
    },
  };
}

async function firstMatch(faults: Fault[], target: FaultTarget): Promise<Fault | undefined> {
  for (const fault of faults) {
    if (fault.service !== target.service) continue;
    if (!isMet(fault.operation, target.operation)) continue;
    // In order of age: a newer fault must not act while an older one can.
    // oxlint-disable-next-line no-await-in-loop
    if (fault.match !== null && !(await target.concerns(fault.match))) continue;
    // Others may have used it up during the read of the database.
    if (fault.remaining !== 0) return fault;
  }
  return undefined;
}

/** Whether a fault of `operation` is met by a request for `asked`. */
function isMet(operation: FaultOperation | '*', asked: FaultOperation): boolean {
  return operation === '*' || operation === asked || (operation === 'lookup' && asked === 'lookup_capture');
}
