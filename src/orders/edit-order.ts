import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../domain/caller.ts';
import { requireEditable, taxRateWith, type OrderDetails } from '../domain/edit-order.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireActiveCustomer } from '../domain/require-active-customer.ts';
import { findAmendment } from '../repositories/amendments.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { deleteEdit, hasOpenEdit, insertEdit } from '../repositories/order-edits.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { commandOrder, type CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { findCustomer } from './find-order-facts.ts';
import { claimCommandId } from './idempotency.ts';
import { writeOrder } from './order-writer.ts';

type Dependencies = Pick<
  OrderDependencies,
  'db' | 'gateways' | 'announcer' | 'logger' | 'commands' | 'waitMs' | 'rules'
>;

/** What goes with a change of details. */
export interface EditOptions {
  readonly key: string | undefined;
  /** The version that the caller saw, if it must still be the order's. */
  readonly expectedVersion: number | undefined;
}

/**
 * Changes who ordered, addresses, reference or notes of an order until something of it has been shipped. Goods that go where another tax is due make it an
 * amendment: the difference is charged or refunded. Throws VERSION_CONFLICT, ORD005 and IDEMPOTENCY_KEY_REUSED, and of an amendment
 * ORD001, ORD003 and VALIDATION, after which the order is unchanged.
 */
export async function editOrder(
  dependencies: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  details: OrderDetails,
  { key, expectedVersion }: EditOptions,
): Promise<CommandOutcome> {
  const { db, gateways, rules } = dependencies;
  if (taxRateWith(order, details, rules) > order.taxRate) {
    requireActiveCustomer(await findCustomer(gateways.customer, order.customerId));
  }
  const target = { target: order.id, name: 'amendItems' } as const;
  const commandId = await claimCommandId(db, caller, target, { key, asked: details });
  const by = { actor: caller.actor, reason: describeEdit(order, details) };
  const edit = { orderId: order.id, commandId, ...by, details, expectedVersion };
  const isWritten = await writeOrder(dependencies, order.id, (transaction) => writeEdit(transaction, edit, rules));
  if (isWritten) return { order: (await findOrderWithItems(db, order.id)) ?? order, isDone: true };
  return redirectOrder(dependencies, order, edit);
}

/** Has the workflow carry out the details that are on record. */
async function redirectOrder(
  dependencies: Dependencies,
  before: OrderWithItems,
  { actor, reason, commandId, expectedVersion }: Edit,
): Promise<CommandOutcome> {
  const command = { actor, reason, command_id: commandId, change: 'redirect' } as const;
  try {
    const { reply, order } = await commandOrder(dependencies, before, 'amendItems', {
      ...command,
      ...(expectedVersion !== undefined && { expected_version: expectedVersion }),
    });
    return { order, isDone: reply.outcome === 'done' };
  } catch (error) {
    if (error instanceof Refusal) await deleteEdit(dependencies.db, before.id, commandId);
    throw error;
  }
}

interface Edit {
  readonly orderId: string;
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  readonly details: OrderDetails;
  readonly expectedVersion: number | undefined;
}

/** Writes the new details; returns `false`, and only puts them on record, where the workflow has to carry them out. */
async function writeEdit(db: Db, edit: Edit, rules: Dependencies['rules']): Promise<boolean> {
  const { orderId, commandId, actor, reason, details, expectedVersion } = edit;
  const order = await lockOrder(db, orderId);
  const key = `edited:${commandId}`;
  if (await findChange(db, orderId, key)) return true;
  if (await findAmendment(db, orderId, commandId)) return false;
  requireEditable(order, expectedVersion);
  // These details come after those that a command is about to write, and must not be overwritten by them.
  if (taxRateWith(order, details, rules) !== order.taxRate || (await hasOpenEdit(db, orderId))) {
    requireConfirmed(order);
    await insertEdit(db, orderId, commandId, details);
    return false;
  }
  await writeChange(db, {
    orderId,
    kind: 'DETAILS',
    key,
    actor,
    reason,
    event: { type: 'order.edited' },
    set: details,
  });
  return true;
}

/** Before, it is not known what the customer pays. */
function requireConfirmed({ id: orderId, status }: OrderWithItems): void {
  if (status === 'CONFIRMED' || status === 'PROCESSING') return;
  const message = `The order is ${status}: only a confirmed one can go to where another tax is due.`;
  throw new Refusal('ORD005', message, { details: [{ status }], orderId });
}

/** The fields alone: what they say is personal. Who gives every field is told of those that differ. */
function describeEdit(order: OrderWithItems, details: OrderDetails): string {
  const given = Object.keys(details);
  const changed = given.filter((field) => !isDeepStrictEqual(Reflect.get(order, field), Reflect.get(details, field)));
  return `changed: ${(changed.length > 0 ? changed : given).map(inWords).join(', ')}`;
}

/** `shippingAddress` as `shipping address`. */
function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
