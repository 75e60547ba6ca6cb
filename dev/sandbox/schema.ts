import type { Pool } from 'pg';

/** Any number that is the same in every process that creates this schema. */
const SCHEMA_LOCK = 7_310_031;

/**
 * The sandbox's tables. The CHECK constraints are the last guard against overselling and refunding too much;
 * `version` counts the changes of a reservation, so that a statement can act on exactly the state that it read.
 * Tables whose rows change often leave room on their pages (fillfactor), so that updates need no index changes.
 */
const schema = `
CREATE SCHEMA IF NOT EXISTS sandbox;

CREATE TABLE IF NOT EXISTS sandbox.products (
  id uuid NOT NULL UNIQUE,
  sku text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  price bigint NOT NULL CHECK (price >= 0),
  currency text NOT NULL,
  stock bigint NOT NULL,
  reserved bigint NOT NULL DEFAULT 0,
  CONSTRAINT products_stock_not_negative CHECK (stock >= 0),
  CONSTRAINT products_reserved_not_negative CHECK (reserved >= 0),
  CONSTRAINT products_reserved_within_stock CHECK (reserved <= stock)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS sandbox.reservations (
  id uuid NOT NULL UNIQUE,
  order_id text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
  items jsonb NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS reservations_due ON sandbox.reservations (expires_at) WHERE status = 'HELD';
-- The newest change of what a reservation holds; an older one that arrives late is refused.
ALTER TABLE sandbox.reservations ADD COLUMN IF NOT EXISTS amendment integer NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS sandbox.restocks (
  order_id text NOT NULL,
  key text NOT NULL,
  items jsonb NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (order_id, key)
);

CREATE TABLE IF NOT EXISTS sandbox.payment_orders (
  order_id text PRIMARY KEY,
  voided boolean NOT NULL DEFAULT false,
  voided_keys text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS sandbox.payments (
  id uuid PRIMARY KEY,
  order_id text NOT NULL,
  idempotency_key text NOT NULL UNIQUE,
  amount bigint NOT NULL CHECK (amount > 0),
  refunded bigint NOT NULL DEFAULT 0,
  currency text NOT NULL,
  payment_method text NOT NULL,
  decline_code text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payments_refunded_within_charge
    CHECK (refunded BETWEEN 0 AND CASE WHEN decline_code IS NULL THEN amount ELSE 0 END)
);
-- Charges take their amount at once. Authorisations hold it until they are captured, released, or have expired.
ALTER TABLE sandbox.payments ADD COLUMN IF NOT EXISTS is_authorization boolean NOT NULL DEFAULT false;
ALTER TABLE sandbox.payments ADD COLUMN IF NOT EXISTS expires_at timestamptz;
-- Whether nothing is held any more.
ALTER TABLE sandbox.payments ADD COLUMN IF NOT EXISTS released boolean NOT NULL DEFAULT false;
ALTER TABLE sandbox.payments ADD COLUMN IF NOT EXISTS captured bigint NOT NULL DEFAULT 0
  CONSTRAINT payments_captured_within_amount
    CHECK (captured BETWEEN 0 AND amount AND (NOT is_authorization OR refunded <= captured));
CREATE TABLE IF NOT EXISTS sandbox.captures (
  idempotency_key text PRIMARY KEY,
  payment_id uuid NOT NULL REFERENCES sandbox.payments,
  amount bigint NOT NULL CHECK (amount > 0),
  is_final boolean NOT NULL,
  captured_after bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS payments_by_order ON sandbox.payments (order_id);
ALTER TABLE sandbox.payments ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX IF NOT EXISTS payments_changed ON sandbox.payments USING brin (changed_at);
CREATE OR REPLACE FUNCTION sandbox.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := now();
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER payments_note_change BEFORE UPDATE ON sandbox.payments
  FOR EACH ROW EXECUTE FUNCTION sandbox.note_change();
CREATE TABLE IF NOT EXISTS sandbox.refunds (
  idempotency_key text PRIMARY KEY,
  payment_id uuid NOT NULL REFERENCES sandbox.payments,
  requested bigint,
  amount bigint NOT NULL CHECK (amount > 0),
  refunded_after bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS sandbox.order_refunds (
  idempotency_key text PRIMARY KEY,
  order_id text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Reservations and charges that were accepted and are decided on later.
CREATE TABLE IF NOT EXISTS sandbox.pending_requests (
  id uuid PRIMARY KEY,
  service text NOT NULL CHECK (service IN ('inventory', 'payment')),
  key text NOT NULL,
  order_id text NOT NULL,
  request jsonb NOT NULL,
  is_refused boolean NOT NULL,
  refusal jsonb,
  due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (service, key)
);

CREATE TABLE IF NOT EXISTS sandbox.webhooks (
  id text PRIMARY KEY,
  -- What it is about: it is told of once.
  key text NOT NULL UNIQUE,
  channel text NOT NULL CHECK (channel IN ('payments', 'inventory', 'shipping')),
  payment_id uuid REFERENCES sandbox.payments,
  order_id text NOT NULL,
  body text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS webhooks_due ON sandbox.webhooks (next_attempt_at) WHERE delivered_at IS NULL;

CREATE TABLE IF NOT EXISTS sandbox.users (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  status text NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE'))
);

CREATE TABLE IF NOT EXISTS sandbox.notifications (
  id uuid PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE,
  order_id text NOT NULL,
  customer_id text NOT NULL,
  type text NOT NULL,
  data jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE sandbox.notifications ADD COLUMN IF NOT EXISTS message jsonb;
CREATE INDEX IF NOT EXISTS notifications_by_order ON sandbox.notifications (order_id);

CREATE TABLE IF NOT EXISTS sandbox.reviews (
  idempotency_key text PRIMARY KEY,
  order_id text NOT NULL,
  verdict text NOT NULL,
  reasons jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS sandbox.faults (
  id uuid PRIMARY KEY,
  service text NOT NULL,
  operation text NOT NULL,
  mode text NOT NULL,
  times integer,
  remaining integer,
  match jsonb,
  delay_ms integer,
  created_at timestamptz NOT NULL DEFAULT now()
);
`;

/** Creates the missing parts of the schema `sandbox`; safe in several processes at the same time. */
export async function createSchema(pool: Pool): Promise<void> {
  // One message is one transaction: the lock is held until everything exists.
  await pool.query(`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}); ${schema}`);
}
