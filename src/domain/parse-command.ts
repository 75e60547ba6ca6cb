import { isFulfilmentStatus, fulfilmentStatuses } from './order-status.ts';
import { resolutions, type Command, type CommandName, type Commands } from './messages.ts';
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
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `${name} takes one JSON object, such as {"reason": "…", "actor": "…"}`;
  }
  const given = new Map(Object.entries(input));
  const base = {
    actor: given.get('actor') || defaults.actor,
    reason: given.get('reason') ?? '',
    command_id: given.get('command_id') || defaults.commandId,
  };
  for (const [field, value] of Object.entries(base)) {
    if (typeof value !== 'string' || value.length > MAX_TEXT)
      return `"${field}" must be a text of at most ${MAX_TEXT} characters`;
  }
  const more = parsers[name](given);
  return typeof more === 'string' ? more : ({ ...base, ...more } as Commands[Name]);
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
