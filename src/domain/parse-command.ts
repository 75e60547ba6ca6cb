import type { ImportCommand, ImportCommandName } from './import.ts';
import {
  amendments,
  PAYMENT_SETTLED,
  resolutions,
  type Command,
  type CommandName,
  type OrderCommand,
  type PaymentSettled,
} from './messages.ts';
import type { ItemQuantity } from './order-return.ts';
import { isFulfilmentStatus, fulfilmentStatuses } from './order-status.ts';
import { isSagaAction } from './saga.ts';
import { isUuid } from './uuid.ts';

/** What a person may leave out of a command typed into the Web UI. */
export interface CommandDefaults {
  readonly actor: string;
  readonly commandId: string;
}

/** Longest text that a command may carry, so that a history stays readable. */
const MAX_TEXT = 500;

/** Reads a command that anyone may have typed. Returns it with every field in place, or a sentence that says what is wrong. */
export function parseCommand(name: CommandName, input: unknown, defaults: CommandDefaults): OrderCommand | string {
  const read = readCommand(name, input, defaults);
  return typeof read === 'string' ? read : parsers[name](read);
}

/** Reads the notice that a charge is settled in the same way. */
export function parsePaymentSettled(input: unknown, defaults: CommandDefaults): PaymentSettled | string {
  const read = readCommand(PAYMENT_SETTLED, input, defaults);
  if (typeof read === 'string') return read;
  const key = optionalText(read.given.get('idempotency_key'));
  return key ? { ...read.base, idempotency_key: key } : '"idempotency_key" must be the key of a charge';
}

/** Reads a command of an import in the same way; it has no fields of its own. */
export function parseImportCommand(
  name: ImportCommandName,
  input: unknown,
  defaults: CommandDefaults,
): ImportCommand | string {
  const read = readCommand(name, input ?? {}, defaults);
  return typeof read === 'string' ? read : { name, input: read.base };
}

/** What every command has, and everything that was given. */
interface ReadCommand {
  readonly base: Command;
  readonly given: ReadonlyMap<string, unknown>;
}

function readCommand(name: string, input: unknown, defaults: CommandDefaults): ReadCommand | string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `${name} takes one JSON object, such as {"reason": "…", "actor": "…"}`;
  }
  const given = new Map<string, unknown>(Object.entries(input));
  const actor = given.get('actor') || defaults.actor;
  if (!isText(actor)) return notText('actor');
  const reason = given.get('reason') ?? '';
  if (!isText(reason)) return notText('reason');
  const commandId = given.get('command_id') || defaults.commandId;
  if (!isText(commandId)) return notText('command_id');
  return { base: { actor, reason, command_id: commandId }, given };
}

type Parser<Name extends CommandName> = (read: ReadCommand) => Extract<OrderCommand, { name: Name }> | string;

const parsers: { readonly [Name in CommandName]: Parser<Name> } = {
  cancelOrder: ({ base }) => ({ name: 'cancelOrder', input: base }),

  changeStatus: ({ base, given }) => {
    const status = given.get('status');
    if (typeof status !== 'string' || !isFulfilmentStatus(status))
      return `"status" must be one of ${fulfilmentStatuses.join(', ')}`;
    const carrier = optionalText(given.get('carrier'));
    const trackingNumber = optionalText(given.get('tracking_number'));
    if (carrier === null || trackingNumber === null) return '"carrier" and "tracking_number" must be texts';
    const items = itemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    if (items && status !== 'SHIPPED') return '"items" goes with SHIPPED only';
    const input = { ...base, status, carrier, tracking_number: trackingNumber, ...(items && { items }) };
    return { name: 'changeStatus', input };
  },

  retryPayment: ({ base, given }) => {
    const method = optionalText(given.get('payment_method'));
    if (!method) return '"payment_method" must be a payment method token';
    return { name: 'retryPayment', input: { ...base, payment_method: method } };
  },

  resolveStep: ({ base, given }) => {
    const step = given.get('step');
    const action = resolutions.find((resolution) => resolution === given.get('action'));
    if (!action) return `"action" must be one of ${resolutions.join(', ')}`;
    if (typeof step !== 'string' || !isSagaAction(step))
      return '"step" must be the name of a step, as the details show it';
    return { name: 'resolveStep', input: { ...base, step, action } };
  },

  amendItems: ({ base, given }) => {
    const change = amendments.find((known) => known === given.get('change'));
    if (!change) return `"change" must be one of ${amendments.join(', ')}`;
    const texts: Record<string, string> = {};
    for (const field of ['item_id', 'sku', 'product_id', 'unit_price']) {
      const text = optionalText(given.get(field));
      if (text === null) return `"${field}" must be a text`;
      if (text !== undefined) texts[field] = text;
    }
    const quantity = given.get('quantity');
    if ((change === 'add' || change === 'set') && !isQuantity(quantity)) return QUANTITY;
    if (change === 'add' && (texts['sku'] === undefined) === (texts['product_id'] === undefined)) {
      return '"sku" or "product_id" must name what to add';
    }
    if (change === 'add' && texts['item_id'] !== undefined && !isUuid(texts['item_id'])) {
      return '"item_id" must be a UUID, or be left out';
    }
    if ((change === 'set' || change === 'remove') && texts['item_id'] === undefined)
      return '"item_id" must be the id of a line of the order';
    const version = given.get('expected_version');
    const input = {
      ...base,
      change,
      ...texts,
      ...(isQuantity(quantity) && { quantity }),
      ...(typeof version === 'number' && { expected_version: version }),
    };
    return { name: 'amendItems', input };
  },

  returnItems: ({ base, given }) => {
    const id = optionalText(given.get('return_id'));
    if (typeof id === 'string') {
      if (!isUuid(id)) return '"return_id" must be the id of a return';
      return { name: 'returnItems', input: { ...base, return_id: id } };
    }
    const items = itemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    if (!items) return '"items" must say what comes back: [{"item_id", "quantity"}]';
    return { name: 'returnItems', input: { ...base, items } };
  },
};

/** The largest quantity of one line. */
const MAX_QUANTITY = 10_000;

const QUANTITY = `"quantity" must be a whole number from 1 to ${MAX_QUANTITY}`;

function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY;
}

/** `undefined` when absent, a sentence when it is something else than lines and quantities. */
function itemQuantities(value: unknown): ItemQuantity[] | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length === 0) return '"items" must be a list of {"item_id", "quantity"}';
  const items: ItemQuantity[] = [];
  for (const given of value as unknown[]) {
    const { item_id: id, quantity } = Object(given) as { item_id?: unknown; quantity?: unknown };
    if (!isText(id)) return 'each of "items" must have the "item_id" of a line';
    if (!isQuantity(quantity)) return QUANTITY;
    if (items.some((item) => item.item_id === id)) return `"items" must name each line once; ${id} comes twice`;
    items.push({ item_id: id, quantity });
  }
  return items;
}

/** `undefined` when absent, `null` when it is no text. */
function optionalText(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  return isText(value) ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function notText(field: keyof Command): string {
  return `"${field}" must be a text of at most ${MAX_TEXT} characters`;
}
