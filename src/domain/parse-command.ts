import { isFulfilmentStatus, fulfilmentStatuses } from './order-status.ts';
import {
  PAYMENT_SETTLED,
  resolutions,
  type Command,
  type CommandName,
  type Commands,
  type PaymentSettled,
} from './messages.ts';
import { isSagaAction } from './saga.ts';

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
    return { status, carrier, tracking_number: trackingNumber };
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
};

/** `undefined` when absent, `null` when not a text. */
function optionalText(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : null;
}
