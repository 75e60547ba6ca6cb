import type { Generated } from 'kysely';

/** Which order was accepted under a caller's Idempotency-Key. */
export interface IdempotencyKeysTable {
  subject: string;
  key: string;
  body_hash: string;
  order_id: string;
  created_at: Generated<Date>;
}

/** What was asked under the key of a command. */
export interface CommandKeysTable {
  target: string;
  command_id: string;
  body_hash: string;
  created_at: Generated<Date>;
}

/** Who did or read what of others. */
export interface AuditLogTable {
  id: Generated<number>;
  at: Generated<Date>;
  subject: string;
  roles: string[];
  operation: string;
  order_id: string | null;
  path: string;
  request_id: string;
  reason: string | null;
  status: number | null;
  completed_at: Date | null;
}

/** Who is signed in to the console. */
export interface ConsoleSessionsTable {
  id_hash: string;
  subject: string;
  name: string;
  roles: string[];
  created_at: Generated<Date>;
  seen_at: Generated<Date>;
  expires_at: Date;
}
