import type { ImportCommand, ImportCommandName } from './import.ts';
import {
  PAYMENT_DISPUTED,
  PAYMENT_SETTLED,
  RESERVATION_SETTLED,
  resolutions,
  type Command,
  type CommandName,
  type OrderCommand,
  type PaymentDisputed,
  type PaymentSettled,
} from './messages.ts';
import { isFulfilmentStatus, fulfilmentStatuses } from './order-status.ts';
import { parseAmendment } from './parse-amendment.ts';
import { readItemQuantities, readMethodAmounts, readText } from './read-fields.ts';
import { aLine, readMessage, type ReadMessage } from './read-message.ts';
import { reviewDecisions } from './order-review.ts';
import { isSagaAction } from './saga.ts';
import { isAmount, isPaymentMethod, isLine, MAX_REFERENCE, MAX_TRACKING } from './text-rules.ts';

/**
 * Reads a command that the API or anyone with access to Temporal may have sent; `commandId` is the id of one that comes without.
 * Returns it with every field in place, or a sentence that says what is wrong and repeats nothing of it.
 */
export function parseCommand(name: CommandName, input: unknown, commandId: string): OrderCommand | string {
  const read = readMessage(input, { name, fields: fields[name], commandId });
  return typeof read === 'string' ? read : parsers[name](read);
}

/** Longest idempotency key of a charge: an order's id, the operation and two numbers. */
const MAX_CHARGE_KEY = 200;

/** Reads the notice that a charge is settled in the same way. */
export function parsePaymentSettled(input: unknown, commandId: string): PaymentSettled | string {
  const read = readMessage(input, { name: PAYMENT_SETTLED, fields: ['idempotency_key'], commandId });
  if (typeof read === 'string') return read;
  const key = read.given.get('idempotency_key');
  const isKey = typeof key === 'string' && isLine(key, MAX_CHARGE_KEY);
  return isKey ? { ...read.base, idempotency_key: key } : '"idempotency_key" must be the key of a charge';
}

/** Longest text about a dispute. */
const MAX_PROBLEM = 2_000;

/** Reads the notice that a dispute was opened or decided in the same way. */
export function parsePaymentDisputed(input: unknown, commandId: string): PaymentDisputed | string {
  const read = readMessage(input, { name: PAYMENT_DISPUTED, fields: ['problem', 'version'], commandId });
  if (typeof read === 'string') return read;
  const problem = read.given.get('problem') ?? null;
  const version = read.given.get('version') ?? Number.MAX_SAFE_INTEGER;
  if (problem !== null && (typeof problem !== 'string' || !isLine(problem, MAX_PROBLEM))) {
    return `"problem" must be ${aLine(MAX_PROBLEM)}, or be left out when no dispute is open`;
  }
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) return '"version" must be a number';
  return { ...read.base, problem, version };
}

/** Reads the notice that the order's reservation is decided on in the same way. */
export function parseReservationSettled(input: unknown, commandId: string): Command | string {
  const read = readMessage(input, { name: RESERVATION_SETTLED, fields: [], commandId });
  return typeof read === 'string' ? read : read.base;
}

/** Reads a command of an import in the same way; it has no fields of its own. */
export function parseImportCommand(name: ImportCommandName, input: unknown, commandId: string): ImportCommand | string {
  const read = readMessage(input, { name, fields: [], commandId });
  return typeof read === 'string' ? read : { name, input: read.base };
}

/** What people may give with a command. The API also sends what it has found out, such as the price that was agreed on. */
const fields: { readonly [Name in CommandName]: readonly string[] } = {
  cancelOrder: [],
  changeStatus: ['status', 'carrier', 'tracking_number', 'items'],
  retryPayment: ['payment_method', 'payment_methods'],
  reviewOrder: ['decision'],
  resolveStep: ['step', 'action', 'reference'],
  amendItems: ['change', 'item_id', 'sku', 'product_id', 'quantity'],
  returnItems: ['items'],
  refundPayment: ['amount', 'notify'],
};

type Parser<Name extends CommandName> = (read: ReadMessage) => Extract<OrderCommand, { name: Name }> | string;

const parsers: { readonly [Name in CommandName]: Parser<Name> } = {
  cancelOrder: ({ base }) => ({ name: 'cancelOrder', input: base }),

  changeStatus: ({ base, given, isFromApi }) => {
    const status = given.get('status');
    if (typeof status !== 'string' || !isFulfilmentStatus(status))
      return `"status" must be one of ${fulfilmentStatuses.join(', ')}`;
    const isTracking = (text: string) => isFromApi || isLine(text, MAX_TRACKING);
    const carrier = readText(given.get('carrier'), isTracking);
    const trackingNumber = readText(given.get('tracking_number'), isTracking);
    if (carrier === null || trackingNumber === null) {
      return `"carrier" and "tracking_number" must be ${aLine(MAX_TRACKING)}`;
    }
    const items = readItemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    if (items && status !== 'SHIPPED') return '"items" goes with SHIPPED only';
    const input = { ...base, status, carrier, tracking_number: trackingNumber, ...(items && { items }) };
    return { name: 'changeStatus', input };
  },

  retryPayment: ({ base, given }) => {
    const methods = readMethodAmounts(given.get('payment_methods'));
    if (typeof methods === 'string') return methods;
    const method = given.get('payment_method');
    if (methods) {
      if (method !== undefined && method !== null)
        return 'either "payment_method" or "payment_methods" must be given, not both';
      return { name: 'retryPayment', input: { ...base, payment_methods: methods } };
    }
    if (typeof method !== 'string' || !isPaymentMethod(method))
      return '"payment_method" must be a payment method token, never a card number';
    return { name: 'retryPayment', input: { ...base, payment_method: method } };
  },

  reviewOrder: ({ base, given }) => {
    const decision = reviewDecisions.find((one) => one === given.get('decision'));
    if (!decision) return `"decision" must be one of ${reviewDecisions.join(', ')}`;
    return { name: 'reviewOrder', input: { ...base, decision } };
  },

  resolveStep: ({ base, given, isFromApi }) => {
    const step = given.get('step');
    const action = resolutions.find((resolution) => resolution === given.get('action'));
    if (!action) return `"action" must be one of ${resolutions.join(', ')}`;
    if (typeof step !== 'string' || !isSagaAction(step))
      return '"step" must be the name of a step, as the details show it';
    const reference = readText(given.get('reference'), (text) => isFromApi || isLine(text, MAX_REFERENCE));
    if (reference === null) return `"reference" must be ${aLine(MAX_REFERENCE)}`;
    return { name: 'resolveStep', input: { ...base, step, action, ...(reference && { reference }) } };
  },

  amendItems: parseAmendment,

  returnItems: ({ base, given, isFromApi }) => {
    const id = given.get('return_id');
    if (isFromApi && typeof id === 'string') return { name: 'returnItems', input: { ...base, return_id: id } };
    const items = readItemQuantities(given.get('items'));
    if (typeof items === 'string') return items;
    if (!items) return '"items" must say what comes back: [{"item_id", "quantity"}]';
    return { name: 'returnItems', input: { ...base, items } };
  },

  refundPayment: ({ base, given, isFromApi }) => {
    const id = given.get('refund_id');
    if (isFromApi && typeof id === 'string') return { name: 'refundPayment', input: { ...base, refund_id: id } };
    const amount = given.get('amount');
    if (typeof amount !== 'string' || !isAmount(amount)) return '"amount" must be a decimal amount such as "12.50"';
    const notify = given.get('notify') ?? false;
    if (typeof notify !== 'boolean') return '"notify" must be true or false';
    return { name: 'refundPayment', input: { ...base, amount, notify } };
  },
};
