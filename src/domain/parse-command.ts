import type { ImportCommandName } from './import.ts';
import { isFulfilmentStatus, fulfilmentStatuses } from './order-status.ts';
import {
  amendments,
  PAYMENT_SETTLED,
  resolutions,
  type Command,
  type CommandName,
  type Commands,
  type PaymentSettled,
} from './messages.ts';
import type { ItemQuantity } from './order-return.ts';
import { isSagaAction } from './saga.ts';
import { isUuid } from './uuid.ts';

/** What a person may leave out of a command typed into the Web UI. */
export interface CommandDefaults {
  readonly actor: string;
  readonly commandId: string;
}

/** Longest text that a command may carry, so that a history stays readable. */
const MAX_TEXT = 500;

/**
 * Reads a command that anyone may have typed. Returns it with every field in place, or a sentence that says what is wrong.
 */
export function parseCommand<Name extends CommandName>(
  name: Name,
  input: unknown,
  defaults: CommandDefaults,
): Commands[Name] | string {
  const read = readCommand(name, input, defaults);
  if (typeof read === 'string') return read;
  const more = parsers[name](read.given);
  return typeof more === 'string' ? more : ({ ...read.base, ...more } as Commands[Name]);
}

/** Reads the word that a charge is settled in the same way. */
export function parsePaymentSettled(input: unknown, defaults: CommandDefaults): PaymentSettled | string {
  const read = readCommand(PAYMENT_SETTLED, input, defaults);
  if (typeof read === 'string') return read;
  const key = optionalText(read.given.get('idempotency_key'));
  return key ? { ...read.base, idempotency_key: key } : '"idempotency_key" must be the key of a charge';
}

/** Reads a command of an import in the same way; it has nothing of its own. */
export function parseImportCommand(
  name: ImportCommandName,
  input: unknown,
  defaults: CommandDefaults,
): Command | string {
  const read = readCommand(name, input ?? {}, defaults);
  return typeof read === 'string' ? read : read.base;
}

/** What every command has, and all that was given. */
function readCommand(
  name: string,
  input: unknown,
  defaults: CommandDefaults,
): { base: Command; given: Map<string, unknown> } | string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `${name} takes one JSON object, such as {"reason": "…", "actor": "…"}`;
  }
  const given = new Map(Object.entries(input));
  const base: Record<keyof Command, unknown> = {
    actor: given.get('actor') || defaults.actor,
    reason: given.get('reason') ?? '',
    command_id: given.get('command_id') || defaults.commandId,
  };
  for (const [field, value] of Object.entries(base)) {
    if (typeof value !== 'string' || value.length > MAX_TEXT)
      return `"${field}" must be a text of at most ${MAX_TEXT} characters`;
  }
  return { base: base as Command, given };
}

type Parser<Name extends CommandName> = (given: Map<string, unknown>) => Omit<Commands[Name], keyof Command> | string;

const parsers: { readonly [Name in CommandName]: Parser<Name> } = {
  cancelOrder: () => ({}),

  changeStatus: (given) => {
    const status = given.get('status');
    if (typeof status !== 'string' || !isFulfilmentStatus(status))
      return `"status" must be one of ${fulfilmentStatuses.join(', ')}`;
    const carrier = optionalText(given.get('carrier'));
    const trackingNumber = optionalText(given.get('tracking_number'));
    if (carrier === null || trackingNumber === null) return '"carrier" and "tracking_number" must be texts';
    const items = itemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    if (items && status !== 'SHIPPED') return '"items" goes with SHIPPED only';
    return { status, carrier, tracking_number: trackingNumber, ...(items && { items }) };
  },

  retryPayment: (given) => {
    const method = optionalText(given.get('payment_method'));
    return method ? { payment_method: method } : '"payment_method" must be a payment method token';
  },

  resolveStep: (given) => {
    const step = given.get('step');
    const action = resolutions.find((resolution) => resolution === given.get('action'));
    if (!action) return `"action" must be one of ${resolutions.join(', ')}`;
    if (typeof step === 'string' && isSagaAction(step)) return { step, action };
    return '"step" must be the name of a step, as the details show it';
  },

  amendItems: (given) => {
    const change = amendments.find((known) => known === given.get('change'));
    if (!change) return `"change" must be one of ${amendments.join(', ')}`;
    const texts: Record<string, string> = {};
    for (const field of ['item_id', 'sku', 'product_id', 'unit_price']) {
      const text = optionalText(given.get(field));
      if (text === null) return `"${field}" must be a text`;
      if (text !== undefined) texts[field] = text;
    }
    const quantity = given.get('quantity');
    if (change !== 'remove' && !isQuantity(quantity)) return QUANTITY;
    if (change === 'add' && (texts['sku'] === undefined) === (texts['product_id'] === undefined)) {
      return '"sku" or "product_id" must name what to add';
    }
    if (change === 'add' && texts['item_id'] !== undefined && !isUuid(texts['item_id'])) {
      return '"item_id" must be a UUID, or be left out';
    }
    if (change !== 'add' && texts['item_id'] === undefined) return '"item_id" must be the id of a line of the order';
    const version = given.get('expected_version');
    return {
      change,
      ...texts,
      ...(isQuantity(quantity) && { quantity }),
      ...(typeof version === 'number' && { expected_version: version }),
    };
  },

  returnItems: (given) => {
    const id = optionalText(given.get('return_id'));
    if (typeof id === 'string') return isUuid(id) ? { return_id: id } : '"return_id" must be the id of a return';
    const items = itemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    return items ? { items } : '"items" must say what comes back: [{"item_id", "quantity"}]';
  },
};

/** As many of one line as an order may hold. */
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
    if (typeof id !== 'string' || id.length > MAX_TEXT) return 'each of "items" must have the "item_id" of a line';
    if (!isQuantity(quantity)) return QUANTITY;
    if (items.some((item) => item.item_id === id)) return `"items" must name each line once; ${id} comes twice`;
    items.push({ item_id: id, quantity });
  }
  return items;
}

/** `undefined` when absent, `null` when not a text. */
function optionalText(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : null;
}
