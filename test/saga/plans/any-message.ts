import fc, { type Arbitrary } from 'fast-check';
import { importCommands } from '../../../src/domain/import.ts';
import { items } from './order.ts';
import { toPayload } from './wire.ts';

/** A message as anyone may send it to any workflow. */
export interface AnyMessage {
  readonly name: string;
  readonly by: 'signal' | 'update';
  readonly payloads: readonly unknown[];
}

const commands = [
  'cancelOrder',
  'changeStatus',
  'retryPayment',
  'resolveStep',
  'amendItems',
  'returnItems',
  'refundPayment',
];

const anyName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...commands, ...importCommands, 'paymentSettled', 'reservationSettled') },
  { weight: 1, arbitrary: fc.constantFrom('__temporal_x', '__stack_trace', '__proto__', 'constructor', 'toString') },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 20 }) },
);

const common = ['reason', 'actor', 'command_id', 'from_api', '__proto__'];
const ofItems = [
  'items',
  'change',
  'item_id',
  'sku',
  'quantity',
  'unit_price',
  'return_id',
  'refund_id',
  'amount',
  'notify',
];
const fields = [...common, ...ofItems, 'status', 'step', 'action', 'payment_method', 'idempotency_key'];

/** Something that looks like a command, with values that are nearly right. */
const nearlyCommand = fc.dictionary(
  fc.constantFrom(...fields),
  fc.oneof(
    fc.constantFrom('x', 'SHIPPED', 'add', 'set', 'retry', 'chargePayment', 'tok_ok', '4242424242424242', 'a\u0000'),
    fc.constantFrom(...items.map(({ id }) => id)),
    fc.record({ actor: fc.jsonValue(), reason: fc.jsonValue(), command_id: fc.jsonValue() }),
    fc.integer(),
    fc.jsonValue(),
  ),
);

const encodings = [
  'json/plain',
  'json/protobuf',
  'binary/protobuf',
  'binary/plain',
  'binary/null',
  'binary/encrypted',
  '',
];

const rawPayload = fc.record({
  metadata: fc.oneof(
    fc.record({ encoding: fc.oneof(fc.constantFrom(...encodings), fc.string()).map((text) => Buffer.from(text)) }),
    fc.constantFrom({}, null, undefined),
  ),
  data: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.constant(undefined),
  ),
});

const anyPayload: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue().map(toPayload),
  nearlyCommand.map(toPayload),
  rawPayload,
);

/** Any JSON value and any encoding, to any name. */
export const anyMessage: Arbitrary<AnyMessage> = fc.record({
  name: anyName,
  by: fc.constantFrom('signal', 'update'),
  payloads: fc.oneof(
    { weight: 6, arbitrary: fc.tuple(anyPayload) },
    { weight: 1, arbitrary: fc.array(anyPayload, { maxLength: 3 }) },
  ),
});
