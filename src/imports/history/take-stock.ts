import { isJsonObject } from '../../domain/read-message.ts';
import { Refusal, type RefusalDetail } from '../../domain/refusal.ts';
import type { OrderLine } from '../../domain/order.ts';
import { GatewayError } from '../../gateways/gateway-error.ts';
import type { Gateways } from '../../gateways/index.ts';
import type { Db } from '../../repositories/schema.ts';
import type { OrderCommands } from '../../temporal/order-commands.ts';
import type { PreparedOrder } from './prepare-order.ts';

/** What an open order is taken on with. */
export interface TakeOnDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'inventory' | 'customer'>;
  readonly commands: Pick<OrderCommands, 'takeOn'>;
}

/** Long enough that the goods are taken for good right after; a process that dies in between leaves them to whoever runs the range again. */
const HOLD_MS = 3_600_000;

/**
 * Takes an open order's goods out of stock, but for those that have left already; returns what the inventory calls it, null when there is
 * nothing to take. The same for a repeat. Throws ORD002 when they are not there.
 */
export async function takeStock(
  { gateways: { inventory } }: TakeOnDependencies,
  { id, order }: PreparedOrder,
): Promise<string | null> {
  const left = new Map<string, number>();
  for (const { sku, quantity, shippedQuantity } of order.items) {
    left.set(sku, (left.get(sku) ?? 0) + quantity - shippedQuantity);
  }
  const lines: OrderLine[] = [...left].flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []));
  if (lines.length === 0) return null;
  try {
    await inventory.reserve(id, lines, HOLD_MS);
    return (await inventory.commit(id)).id;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.kind !== 'refused') throw error;
    throw new Refusal('ORD002', 'Out of stock: nothing was taken in of the order.', { details: shortagesIn(error) });
  }
}

/** What the inventory said is not there. */
function shortagesIn({ details }: GatewayError): RefusalDetail[] {
  return Array.isArray(details)
    ? details.filter(isJsonObject).map(({ sku, requested, available }) => ({
        sku: String(sku),
        requested: Number(requested),
        available: Number(available),
      }))
    : [];
}
