import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolutions, type CommandName, type Commands } from '../../src/domain/messages.ts';
import { fulfilmentStatuses, orderStatuses } from '../../src/domain/order-status.ts';
import { parseCommand, parsePaymentSettled } from '../../src/domain/parse-command.ts';
import { isSagaAction, sagaActions } from '../../src/domain/saga.ts';

const defaults = { actor: 'web-ui', commandId: 'signal-7' };

/** The least that each command needs; a new command fails to compile until it stands here. */
const least: { readonly [Name in CommandName]: Omit<Commands[Name], 'actor' | 'reason' | 'command_id'> } = {
  cancelOrder: {},
  changeStatus: { status: 'SHIPPED' },
  retryPayment: { payment_method: 'tok_ok' },
  resolveStep: { step: 'chargePayment', action: 'retry' },
  amendItems: { change: 'set', item_id: 'a', quantity: 2 },
  returnItems: { items: [{ item_id: 'a', quantity: 1 }] },
};
const names = Object.keys(least) as CommandName[];

/** Objects with the fields that commands have, and some that every object inherits, holding any JSON at all. */
const anyCommand = fc.dictionary(
  fc.constantFrom(
    'actor',
    'reason',
    'command_id',
    'status',
    'carrier',
    'payment_method',
    'step',
    'action',
    '__proto__',
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...orderStatuses, ...sagaActions, ...resolutions, 'toString', 'constructor'),
    fc.dictionary(fc.constantFrom('toString', 'valueOf', 'length'), fc.jsonValue()),
  ),
);

describe.each(names)('%s', (name) => {
  test('makes a command or a sentence of any JSON value, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyCommand, fc.constant(undefined)), (input) => {
        const parsed = parseCommand(name, input, defaults);
        const texts = typeof parsed === 'string' ? [parsed] : [parsed.input.actor, parsed.input.command_id];
        expect(texts.every((text) => typeof text === 'string' && text !== '')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('fills in what a person leaves out', () => {
    const filled = { actor: 'web-ui', reason: '', command_id: 'signal-7', ...least[name] };
    const parsed = { name, input: filled };
    expect(parseCommand(name, least[name], defaults)).toEqual(parsed);
    expect(parseCommand(name, { ...least[name], actor: '', reason: null, command_id: '' }, defaults)).toEqual(parsed);
  });

  test('takes what is given', () => {
    const given = { ...least[name], actor: 'support:sam', reason: 'asked for', command_id: 'c-1' };
    expect(parseCommand(name, given, defaults)).toEqual({ name, input: given });
  });

  test.each(['actor', 'reason', 'command_id'])('refuses a %s that is no text or is too long', (field) => {
    for (const value of [1, true, ['x'], {}, 'x'.repeat(501)]) {
      expect(parseCommand(name, { ...least[name], [field]: value }, defaults)).toContain(`"${field}"`);
    }
  });

  test.each([undefined, null, 'cancel', 1, [], [{}]])('refuses %j, which is no object', (input) => {
    expect(parseCommand(name, input, defaults)).toContain(`${name} takes one JSON object`);
  });
});

describe('changeStatus', () => {
  test.each(fulfilmentStatuses)('takes %s, with how the goods travel', (status) => {
    const given = { status, carrier: 'DHL', tracking_number: 'JD1' };
    expect(parseCommand('changeStatus', given, defaults)).toMatchObject({ input: given });
  });

  test('refuses every status that staff may not set, and what is no status', () => {
    const others = orderStatuses.filter((status) => !(fulfilmentStatuses as readonly string[]).includes(status));
    for (const status of [...others, 'shipped', '', 'toString', undefined, null, 7, ['SHIPPED'], { toString: 1 }]) {
      expect(parseCommand('changeStatus', { status }, defaults)).toBe(
        '"status" must be one of PROCESSING, SHIPPED, DELIVERED',
      );
    }
  });

  test('refuses a carrier or tracking number that is no text', () => {
    for (const field of ['carrier', 'tracking_number']) {
      for (const value of [1, {}, 'x'.repeat(501)]) {
        expect(parseCommand('changeStatus', { status: 'SHIPPED', [field]: value }, defaults)).toContain(field);
      }
    }
  });
});

test.each([undefined, null, '', 4242, {}, 'x'.repeat(501)])(
  'retryPayment refuses the payment method %j',
  (payment_method) => {
    expect(parseCommand('retryPayment', { payment_method }, defaults)).toContain('"payment_method"');
  },
);

describe('resolveStep', () => {
  test('takes every step and compensation with every resolution', () => {
    for (const step of sagaActions) {
      expect(isSagaAction(step)).toBe(true);
      for (const action of resolutions) {
        expect(parseCommand('resolveStep', { step, action }, defaults)).toMatchObject({ input: { step, action } });
      }
    }
  });

  test('refuses steps and resolutions that there are not', () => {
    for (const step of [
      'shipOrder',
      '',
      'null',
      'toString',
      'constructor',
      '__proto__',
      null,
      ['chargePayment'],
      { toString: 1 },
    ]) {
      expect(parseCommand('resolveStep', { step, action: 'retry' }, defaults)).toContain('"step"');
    }
    for (const action of ['RETRY', '', null, ['retry']]) {
      expect(parseCommand('resolveStep', { step: 'chargePayment', action }, defaults)).toContain('"action"');
    }
  });
});

describe('the notice that a charge is settled', () => {
  test('names the charge, and takes the defaults of a command', () => {
    expect(parsePaymentSettled({ idempotency_key: 'o1:charge:1' }, defaults)).toEqual({
      idempotency_key: 'o1:charge:1',
      actor: 'web-ui',
      reason: '',
      command_id: 'signal-7',
    });
  });

  test('is refused with a sentence without a charge, and whatever else it is', () => {
    for (const key of [undefined, null, '', 1, ['o1:charge:1'], 'x'.repeat(501)]) {
      expect(parsePaymentSettled({ idempotency_key: key }, defaults)).toContain('"idempotency_key"');
    }
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parsePaymentSettled(value, defaults)).toSatisfy(
          (read) => typeof read === 'string' || 'command_id' in read,
        );
      }),
    );
  });
});
