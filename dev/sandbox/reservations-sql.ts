/** A line of a reservation; a SKU stands on one line only. */
export interface Item {
  sku: string;
  quantity: number;
}

/** The result of a statement on one reservation. `changed`: this statement changed it; `lacking`: what is out of stock. */
export interface Outcome {
  id: string | null;
  order_id: string;
  status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  items: Item[];
  expires_at: Date | null;
  created_at: Date;
  changed: boolean;
  lacking: { sku: string; requested: number; available: number }[] | null;
}

/*
 * How these statements are correct under concurrency, in READ COMMITTED and with one round trip each:
 * - `seen` and `lacking` come from one snapshot. Refusals and repeats are answered from it without a lock.
 * - Otherwise `locked` locks the products first, in SKU order, and only then the reservation's row is written. All
 *   statements use this order, the sweep too, so they can't deadlock. Locked rows are read in their newest state.
 * - The reservation is written only when its `version` is the one in the snapshot; products only when the reservation was.
 * - A statement that changed nothing and has no answer in its snapshot was overtaken by another request, and is run again.
 */
const answer = (changed: string, lacking = 'NULL::json') => `
  SELECT r.*, EXISTS (SELECT FROM ${changed}) AS changed, ${lacking} AS lacking
  FROM (VALUES (1)) AS one LEFT JOIN (
    SELECT * FROM ${changed} UNION ALL SELECT * FROM seen WHERE NOT EXISTS (SELECT FROM ${changed})
  ) AS r ON true`;

/** Holds all lines or none. $1 order, $2 SKUs, $3 quantities, $4 new id, $5 the lines as JSON, $6 seconds to expiry. */
export const reserve = {
  name: 'sandbox-reserve',
  text: `
  WITH wanted AS MATERIALIZED (SELECT * FROM unnest($2::text[], $3::bigint[]) AS w(sku, quantity)),
  seen AS MATERIALIZED (SELECT * FROM sandbox.reservations WHERE order_id = $1),
  lacking AS MATERIALIZED (
    SELECT w.sku, w.quantity AS requested, coalesce(p.stock - p.reserved, 0) AS available
    FROM wanted w LEFT JOIN sandbox.products p ON p.sku = w.sku
    WHERE coalesce(p.stock - p.reserved, 0) < w.quantity
  ),
  locked AS MATERIALIZED (
    SELECT p.sku, w.quantity, p.stock - p.reserved AS available
    FROM wanted w JOIN sandbox.products p ON p.sku = w.sku
    WHERE NOT EXISTS (SELECT FROM lacking) AND NOT EXISTS (SELECT FROM seen WHERE status <> 'EXPIRED')
    ORDER BY p.sku FOR UPDATE OF p
  ),
  held AS (
    INSERT INTO sandbox.reservations AS r (id, order_id, status, items, expires_at)
    SELECT $4::uuid, $1, 'HELD', $5::jsonb, now() + make_interval(secs => $6::float8)
    WHERE (SELECT count(*) FROM locked WHERE available >= quantity) = (SELECT count(*) FROM wanted)
    ON CONFLICT (order_id) DO UPDATE
      SET status = 'HELD', items = excluded.items, expires_at = excluded.expires_at, version = r.version + 1
      WHERE r.status = 'EXPIRED'
    RETURNING r.*
  ),
  taken AS (
    UPDATE sandbox.products p SET reserved = p.reserved + l.quantity
    FROM locked l WHERE p.sku = l.sku AND EXISTS (SELECT FROM held)
  )
  ${answer('held', '(SELECT json_agg(l) FROM lacking l)')}`,
};

/** Sells the held stock; for an expired hold takes the stock again, all lines or none. $1 order. */
export const commit = {
  name: 'sandbox-commit',
  text: `
  WITH seen AS MATERIALIZED (SELECT * FROM sandbox.reservations WHERE order_id = $1),
  lines AS MATERIALIZED (
    SELECT i.sku, i.quantity, s.status = 'HELD' AS held
    FROM seen s, jsonb_to_recordset(s.items) AS i(sku text, quantity bigint) WHERE s.status IN ('HELD', 'EXPIRED')
  ),
  lacking AS MATERIALIZED (
    SELECT l.sku, l.quantity AS requested, coalesce(p.stock - p.reserved, 0) AS available
    FROM lines l LEFT JOIN sandbox.products p ON p.sku = l.sku
    WHERE NOT l.held AND coalesce(p.stock - p.reserved, 0) < l.quantity
  ),
  locked AS MATERIALIZED (
    SELECT p.sku, l.quantity, l.held, p.stock - p.reserved AS available
    FROM lines l JOIN sandbox.products p ON p.sku = l.sku
    WHERE NOT EXISTS (SELECT FROM lacking)
    ORDER BY p.sku FOR UPDATE OF p
  ),
  committed AS (
    UPDATE sandbox.reservations r SET status = 'COMMITTED', version = r.version + 1
    FROM seen s
    WHERE r.order_id = s.order_id AND r.version = s.version AND s.status IN ('HELD', 'EXPIRED')
      AND (SELECT count(*) FROM locked WHERE held OR available >= quantity) = (SELECT count(*) FROM lines)
    RETURNING r.*
  ),
  sold AS (
    UPDATE sandbox.products p
    SET stock = p.stock - l.quantity, reserved = p.reserved - CASE WHEN l.held THEN l.quantity ELSE 0 END
    FROM locked l WHERE p.sku = l.sku AND EXISTS (SELECT FROM committed)
  )
  ${answer('committed', '(SELECT json_agg(l) FROM lacking l)')}`,
};

/** Releases held or sold stock, or leaves a tombstone when there is no reservation. $1 order, $2 new id. */
export const release = {
  name: 'sandbox-release',
  text: `
  WITH seen AS MATERIALIZED (SELECT * FROM sandbox.reservations WHERE order_id = $1),
  locked AS MATERIALIZED (
    SELECT p.sku, i.quantity, s.status = 'HELD' AS held
    FROM seen s, jsonb_to_recordset(s.items) AS i(sku text, quantity bigint), sandbox.products p
    WHERE p.sku = i.sku AND s.status IN ('HELD', 'COMMITTED')
    ORDER BY p.sku FOR UPDATE OF p
  ),
  released AS (
    INSERT INTO sandbox.reservations AS r (id, order_id, status, items)
    SELECT $2::uuid, $1, 'RELEASED', '[]'::jsonb
    WHERE (SELECT count(*) FROM locked) >= 0 AND NOT EXISTS (SELECT FROM seen WHERE status = 'RELEASED')
    ON CONFLICT (order_id) DO UPDATE SET status = 'RELEASED', version = r.version + 1
      WHERE r.version = (SELECT version FROM seen)
    RETURNING r.*
  ),
  returned AS (
    UPDATE sandbox.products p
    SET stock = p.stock + CASE WHEN l.held THEN 0 ELSE l.quantity END,
        reserved = p.reserved - CASE WHEN l.held THEN l.quantity ELSE 0 END
    FROM locked l WHERE p.sku = l.sku AND EXISTS (SELECT FROM released)
  )
  ${answer('released')}`,
};

/** Reads one reservation. $1 order. */
export const reservationByOrder = {
  name: 'sandbox-reservation-by-order',
  text: 'SELECT * FROM sandbox.reservations WHERE order_id = $1',
};

/** Reservations by order id, after a cursor. $1 order id, $2 limit, $3 status or null. */
export const reservationsAfter = {
  name: 'sandbox-reservations-after',
  text: `
    SELECT * FROM sandbox.reservations
    WHERE order_id > $1 AND ($3::text IS NULL OR status = $3) ORDER BY order_id LIMIT $2`,
};
