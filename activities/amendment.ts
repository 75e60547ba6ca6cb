import { amendOrder, type ItemChange } from '../src/domain/amend-order.ts';
import type { AmendmentPlan } from '../src/domain/amendment.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { AmendItemsCommand } from '../src/domain/messages.ts';
import { priceItem } from '../src/domain/item-price.ts';
import type { OrderRules } from '../src/domain/order-rules.ts';
import type { Order } from '../src/domain/order.ts';
import { allowedAfter } from '../src/domain/order-status.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { Product } from '../src/gateways/inventory.ts';
import * as amendments from '../src/repositories/amendments.ts';
import { refusal, toActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Changing what was ordered: the decision, and what came of it. */
export function amendmentActivities(dependencies: ActivityDependencies, rules: OrderRules) {
  const { db, announcer, gateways } = dependencies;
  const { inventory } = gateways;

  return {
    /**
     * Decides what an amendment makes of the order and puts it on record; nothing else is done yet. Key: the command's id.
     * Refused: NOT_POSSIBLE, VERSION_CONFLICT, TRANSITION_NOT_ALLOWED.
     */
    planAmendment: async (input: { orderId: string; command: AmendItemsCommand }): Promise<AmendmentPlan> => {
      const { orderId, command } = input;
      try {
        const products = await findProduct(command);
        const plan = await amendments.planAmendment(db, {
          orderId,
          commandId: command.command_id,
          actor: command.actor,
          reason: command.reason,
          amend: (order) => {
            requireAmendable(order, command);
            return amendOrder(order, toChange(command, products, order.currency), rules);
          },
        });
        announcer.announce(orderId);
        return plan;
      } catch (error) {
        if (!(error instanceof Refusal)) throw toActivityFailure(error);
        const [{ message = error.message, pointer = '' } = {}] = error.details;
        throw notPossible(message, pointer);
      }
    },

    /** Writes what the amendment came to. Key: the amendment's number. */
    recordAmendment: async (record: amendments.AmendmentRecord): Promise<void> => {
      await amendments.recordAmendment(db, record).catch(fail);
      announcer.announce(record.orderId);
    },

    /** Lets the order wait for an amendment. Key: the shortage's. */
    recordShortage: async (shortage: Parameters<typeof amendments.recordShortage>[1]): Promise<void> => {
      await amendments.recordShortage(db, shortage).catch(fail);
      announcer.announce(shortage.orderId);
    },
  };

  async function findProduct({ change, sku, product_id: id }: AmendItemsCommand): Promise<Product[]> {
    if (change !== 'add') return [];
    try {
      return await inventory.findProducts({ skus: sku === undefined ? [] : [sku], ids: id === undefined ? [] : [id] });
    } catch (error) {
      const isRefused = error instanceof GatewayError && (error.kind === 'refused' || error.kind === 'rejected');
      throw isRefused ? notPossible('the catalogue does not understand what to add', '/sku') : error;
    }
  }
}

function requireAmendable(
  { status, version, items, amendUntil }: Order & { readonly items: readonly { readonly shippedQuantity: number }[] },
  command: AmendItemsCommand,
): void {
  const { expected_version: expected, change } = command;
  if (expected !== undefined && expected !== version) {
    throw refusal(failureTypes.versionConflict, `the order has version ${version}`, version);
  }
  const isShort = status === 'PENDING' && amendUntil !== null;
  if (isShort && change === 'add') throw notPossible('goods have run out: quantities can be lowered and items removed');
  const isAmendable = isShort || status === 'CONFIRMED' || status === 'PROCESSING';
  if (isAmendable && items.every(({ shippedQuantity }) => shippedQuantity === 0)) return;
  const why = isAmendable ? 'partly shipped' : status;
  throw refusal(
    failureTypes.transitionNotAllowed,
    `the order is ${why} and can't be amended; it may go to ${allowedAfter(status).join(', ') || 'nothing else'}`,
  );
}

function toChange(command: AmendItemsCommand, products: readonly Product[], currency: string): ItemChange {
  const { change, item_id: itemId = '', quantity = 0 } = command;
  if (change === 'set') return { change, itemId, quantity };
  if (change === 'remove') return { change, itemId };
  const { product, unitPriceMinor } = priceItem(products[0], command, { currency, maySetPrices: true });
  const { id: productId, sku, name } = product;
  return { change, item: { id: itemId, productId, sku, name, unitPriceMinor, quantity } };
}

function notPossible(message: string, pointer = '') {
  return refusal(failureTypes.notPossible, message, { pointer, message });
}

function fail(error: unknown): never {
  throw toActivityFailure(error);
}
