import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolutions, type CommandName, type Commands } from '../../src/domain/messages.ts';
import { fulfilmentStatuses, orderStatuses } from '../../src/domain/order-status.ts';
import {
  parseCommand,
  parseImportCommand,
  parsePaymentSettled,
  parseReservationSettled,
} from '../../src/domain/parse-command.ts';
import { isSagaAction, sagaActions } from '../../src/domain/saga.ts';
import { UndecodablePayload } from '../../src/domain/undecodable-payload.ts';

const ITEM = '01900000-0000-7000-8000-000000000001';
const CARDS = ['4242424242424242', '4242 4242 4242 4242', 'card 4000-0566-5566-5556'];

/** The least that each command needs; a new command fails to compile until it stands here. */
const least: { readonly [Name in CommandName]: Omit<Commands[Name], 'actor' | 'reason' | 'command_id'> } = {
  cancelOrder: {},
  changeStatus: { status: 'SHIPPED' },
  retryPayment: { payment_method: 'tok_ok' },
  reviewOrder: { decision: 'approve' },
  resolveStep: { step: 'chargePayment', action: 'retry' },
  amendItems: { change: 'set', item_id: ITEM, quantity: 2 },
  returnItems: { items: [{ item_id: ITEM, quantity: 1 }] },
  refundPayment: { amount: '12.50', notify: true },
};
const names = Object.keys(least) as CommandName[];

/** Parses a direct command with a reason. */
const parse = (name: CommandName, given: object) => parseCommand(name, { reason: 'asked for', ...given }, 'signal-7');

const common = ['actor', 'reason', 'command_id', 'from_api', '__proto__'];
const fields = [
  ...common,
  'status',
  'carrier',
  'payment_method',
  'step',
  'action',
  'items',
  'change',
  'item_id',
  'quantity',
];

/** Objects with the fields that commands have, and some that every object inherits, holding any JSON at all. */
const anyCommand = fc.dictionary(
  fc.constantFrom(...fields),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...orderStatuses, ...sagaActions, ...resolutions, 'add', 'toString', 'constructor'),
    fc.dictionary(fc.constantFrom('toString', 'valueOf', 'length', 'actor', 'reason'), fc.jsonValue()),
  ),
);

describe.each(names)('%s', (name) => {
  test('makes a command or a sentence of any JSON value, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyCommand, fc.constant(undefined)), (input) => {
        const parsed = parseCommand(name, input, 'signal-7');
        const texts = typeof parsed === 'string' ? [parsed] : [parsed.input.actor, parsed.input.command_id];
        expect(texts.every((text) => typeof text === 'string')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('says that it came past the API, and gets an id when it brings none', () => {
    const { reason } = { reason: 'asked for' };
    const unnamed = { actor: 'temporal:unnamed', reason, command_id: 'signal-7', ...least[name] };
    expect(parseCommand(name, { ...least[name], reason }, 'signal-7')).toEqual({ name, input: unnamed });
    expect(parse(name, { ...least[name], actor: '', command_id: null })).toEqual({ name, input: unnamed });
    const named = { ...least[name], actor: 'support:sam', command_id: 'c-1' };
    expect(parse(name, named)).toEqual({ name, input: { ...named, actor: 'temporal:support:sam', reason } });
  });

  test('keeps who calls when the API sends it', () => {
    const checked = { ...least[name], actor: 'customer:alice', reason: '', command_id: 'x'.repeat(600) };
    expect(parseCommand(name, { from_api: checked }, 'signal-7')).toEqual({ name, input: checked });
  });

  test.each([undefined, null, '', ' ', 1, {}, 'a\nb', 'a\u202eb', 'x'.repeat(501), ...CARDS])(
    'is refused without a reason that people can read: %j',
    (reason) => {
      expect(parseCommand(name, { ...least[name], reason }, 'signal-7')).toContain('"reason"');
    },
  );

  test.each([1, {}, ['sam'], ' ', 'a\u0000', 'x'.repeat(201), ...CARDS])('is refused with the actor %j', (actor) => {
    expect(parse(name, { ...least[name], actor })).toContain('"actor"');
  });

  test.each([1, {}, 'é', 'a\n', 'x'.repeat(256)])('is refused with the command_id %j', (command_id) => {
    expect(parse(name, { ...least[name], command_id })).toContain('"command_id"');
  });

  test.each(['status ', 'unit_price', 'expected_version', 'return_id', 'from_api', 'toString', '__proto__'])(
    'is refused with a field that people may not give: %s',
    (field) => {
      const input: unknown = JSON.parse(
        JSON.stringify({ ...least[name], reason: 'x', NAME: {} }).replace('NAME', field),
      );
      expect(parseCommand(name, input, 'signal-7')).toContain(`${name} takes no fields but`);
    },
  );

  test.each([undefined, null, 'cancel', 1, [], [{}], new Uint8Array(2_000_000), new UndecodablePayload('is broken')])(
    'is refused when it is no object',
    (input) => {
      expect(parseCommand(name, input, 'signal-7')).toContain(`${name} takes one JSON object`);
    },
  );

  test('is refused without a word of what it held', () => {
    for (const field of ['reason', 'actor', 'command_id', CARDS[0]!]) {
      const input = { ...least[name], reason: 'x', [field]: CARDS[0]! };
      expect(parseCommand(name, input, 'signal-7')).not.toContain(CARDS[0]);
    }
  });
});

test('an envelope of the API that lacks who calls is refused', () => {
  for (const from_api of [null, [], 'x', {}, { actor: 'a' }, { actor: 1, reason: '', command_id: 'c' }]) {
    expect(parseCommand('cancelOrder', { from_api, reason: 'x' }, 'signal-7')).toContain('takes no fields but');
    expect(parseCommand('cancelOrder', { from_api }, 'signal-7')).toContain('takes no fields but');
  }
});

test('a command of an import obeys the same rules', () => {
  const paused = parseImportCommand('pauseImport', { reason: 'stocktaking', actor: 'sam' }, 'signal-7');
  expect(paused).toMatchObject({ input: { actor: 'temporal:sam', reason: 'stocktaking', command_id: 'signal-7' } });
  for (const input of [undefined, {}, { reason: '' }, { reason: 'x', total: 1 }, new UndecodablePayload('is broken')]) {
    expect(parseImportCommand('pauseImport', input, 'signal-7')).toEqual(expect.any(String));
  }
});

describe('changeStatus', () => {
  test.each(fulfilmentStatuses)('takes %s, with how the goods travel', (status) => {
    const given = { status, carrier: 'DHL', tracking_number: 'JD1' };
    expect(parse('changeStatus', given)).toMatchObject({ input: given });
  });

  test('refuses every status that staff may not set, and what is no status', () => {
    const others = orderStatuses.filter((status) => !(fulfilmentStatuses as readonly string[]).includes(status));
    for (const status of [...others, 'shipped', '', 'toString', undefined, null, 7, ['SHIPPED'], { toString: 1 }]) {
      expect(parse('changeStatus', { status })).toBe('"status" must be one of PROCESSING, SHIPPED, DELIVERED');
    }
  });

  test('refuses a carrier or tracking number that is no line, too long or a card number', () => {
    for (const field of ['carrier', 'tracking_number']) {
      for (const value of [1, {}, 'a\nb', 'x'.repeat(101), ...CARDS]) {
        expect(parse('changeStatus', { status: 'SHIPPED', [field]: value })).toContain(field);
      }
    }
  });

  test('refuses items that are none, too many or named twice, in a time that does not grow with their number', () => {
    const item = { item_id: ITEM, quantity: 1 };
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      ...item,
      item_id: ITEM.replace(/.{6}$/, `${index}`),
    }));
    for (const items of [
      [],
      {},
      'x',
      [1],
      [null],
      [{ ...item, quantity: 1.5 }],
      [{ ...item, x: 1 }],
      [item, item],
      many,
    ]) {
      expect(parse('changeStatus', { status: 'SHIPPED', items })).toEqual(expect.any(String));
    }
  });
});

test.each([undefined, null, '', 4242, {}, 'x'.repeat(256), 'tok ok', ...CARDS])(
  'retryPayment refuses the payment method %j',
  (payment_method) => {
    expect(parse('retryPayment', { payment_method })).toContain('"payment_method"');
  },
);

describe('amendItems', () => {
  test.each([
    { change: 'add', sku: 'MUG-1', quantity: 1 },
    { change: 'add', product_id: 'p1', quantity: 10_000 },
    { change: 'set', item_id: ITEM, quantity: 3 },
    { change: 'remove', item_id: ITEM },
  ])('takes %j', (given) => {
    expect(parse('amendItems', given)).toMatchObject({ input: given });
  });

  test.each([
    { change: 'add', sku: 'MUG-1', quantity: 1, unit_price: '0.01' },
    { change: 'add', sku: 'MUG-1', quantity: 1, item_id: ITEM },
    { change: 'add', sku: 'MUG-1', product_id: 'p1', quantity: 1 },
    { change: 'add', sku: 'MUG\n1', quantity: 1 },
    { change: 'add', sku: 'x'.repeat(256), quantity: 1 },
    { change: 'add', sku: 'MUG-1', quantity: 0 },
    { change: 'add', sku: 'MUG-1', quantity: '1' },
    { change: 'add', quantity: 1 },
    { change: 'set', item_id: 'a', quantity: 1 },
    { change: 'set', item_id: ITEM, quantity: 10_001 },
    { change: 'set', item_id: ITEM, sku: 'MUG-1', quantity: 1 },
    { change: 'remove', item_id: ITEM, quantity: 1 },
    { change: 'remove' },
    { change: 'ADD', sku: 'MUG-1', quantity: 1 },
    { change: 'redirect' },
  ])('refuses %j', (given) => {
    expect(parse('amendItems', given)).toEqual(expect.any(String));
  });

  test('takes the variant, the price, the line and the version that the API has found out', () => {
    const found = { item_id: ITEM, variant_id: 'blue', unit_price: '0.01', expected_version: 3 };
    const agreed = { change: 'add', sku: 'MUG-1', quantity: 1, ...found };
    const from_api = { ...agreed, actor: 'admin:ada', reason: 'agreed', command_id: 'c' };
    expect(parseCommand('amendItems', { from_api }, 'x')).toEqual({ name: 'amendItems', input: from_api });
  });
});

describe('resolveStep', () => {
  test('takes every step and compensation with every resolution', () => {
    for (const step of sagaActions) {
      expect(isSagaAction(step)).toBe(true);
      for (const action of resolutions) {
        expect(parse('resolveStep', { step, action })).toMatchObject({ input: { step, action } });
      }
    }
  });

  test('refuses steps and resolutions that there are not', () => {
    for (const step of ['shipOrder', '', 'null', 'toString', 'constructor', '__proto__', null, ['chargePayment'], {}]) {
      expect(parse('resolveStep', { step, action: 'retry' })).toContain('"step"');
    }
    for (const action of ['RETRY', '', null, ['retry']]) {
      expect(parse('resolveStep', { step: 'chargePayment', action })).toContain('"action"');
    }
  });
});

test('the notice that a reservation is settled obeys the rules of a command, and has no fields of its own', () => {
  const given = { actor: 'sam', reason: 'they called' };
  const read = { actor: 'temporal:sam', reason: 'they called', command_id: 'signal-7' };
  expect(parseReservationSettled(given, 'signal-7')).toEqual(read);
  expect(parseReservationSettled({ ...given, idempotency_key: 'x' }, 'signal-7')).toContain('takes no fields but');
});

describe('the notice that a charge is settled', () => {
  test('names the charge, and obeys the rules of a command', () => {
    expect(parsePaymentSettled({ idempotency_key: 'o1:charge:1', reason: 'paid' }, 'signal-7')).toEqual({
      idempotency_key: 'o1:charge:1',
      actor: 'temporal:unnamed',
      reason: 'paid',
      command_id: 'signal-7',
    });
  });

  test('is refused with a sentence without a charge, and whatever else it is', () => {
    for (const key of [undefined, null, '', 1, ['o1:charge:1'], 'x'.repeat(501)]) {
      expect(parsePaymentSettled({ idempotency_key: key, reason: 'paid' }, 'x')).toContain('"idempotency_key"');
    }
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parsePaymentSettled(value, 'x')).toSatisfy((read) => typeof read === 'string' || 'command_id' in read);
      }),
    );
  });
});
