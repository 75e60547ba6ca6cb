import { create, ScalarType, toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { StructSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encoderOf } from '../../src/grpc/encode-message.ts';
import { OrderService } from '../../src/grpc/generated/orders/v1/order_service_pb.ts';

const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 200 }), fc.constant(''));
const integers = fc.oneof(fc.constant(0), fc.integer(), fc.nat(300));

/** Whatever a message of the schema may be given as. */
function anyMessage(schema: DescMessage): fc.Arbitrary<Record<string, unknown>> {
  if (schema.typeName === StructSchema.typeName) return fc.dictionary(texts, fc.jsonValue());
  const fields = schema.fields.map((field): [string, fc.Arbitrary<unknown>] => [
    field.localName,
    fc.option(anyValue(field), { nil: undefined }),
  ]);
  return fc.record(Object.fromEntries(fields));
}

function anyValue(field: DescField): fc.Arbitrary<unknown> {
  if (field.fieldKind === 'map') return fc.dictionary(texts, texts, { maxKeys: 4 });
  if (field.fieldKind === 'list') {
    const one: fc.Arbitrary<unknown> = field.listKind === 'message' ? anyMessage(field.message) : texts;
    return fc.array(one, { maxLength: 4 });
  }
  if (field.fieldKind === 'message') return anyMessage(field.message);
  if (field.fieldKind === 'enum') return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  if (field.scalar === ScalarType.STRING) return texts;
  if (field.scalar === ScalarType.BOOL) return fc.boolean();
  return field.scalar === ScalarType.INT64 ? fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }) : integers;
}

const answers = OrderService.methods
  .filter(({ methodKind }) => methodKind === 'unary')
  .map(({ name, output }) => [name, output] as const);

test.each(answers)('an answer of %s has the bytes that the library gives it', (_, schema) => {
  const encode = encoderOf(schema);
  fc.assert(
    fc.property(anyMessage(schema), (message) => {
      expect(encode(message)).toEqual(Buffer.from(toBinary(schema, create(schema, message))));
    }),
    { numRuns: 200 },
  );
});

test('a large answer has them too, and so does one after it', () => {
  const [, schema] = answers.find(([name]) => name === 'ListOrders')!;
  const encode = encoderOf(schema);
  const items = Array.from({ length: 200 }, (_, n) => ({ sku: `SKU-${n}`, name: 'é'.repeat(300), quantity: n }));
  for (const message of [{ orders: [{ id: 'one', items }, { items }] }, { orders: [{ id: 'two' }] }]) {
    expect(encode(message)).toEqual(Buffer.from(toBinary(schema, create(schema, message))));
  }
});

test('moments before 1970 and after 2038 have them', () => {
  const encode = encoderOf(TimestampSchema);
  for (const seconds of [-1n, -62_135_596_800n, 0n, 4_102_444_800n, 253_402_300_799n]) {
    const message = { seconds, nanos: 123_000_000 };
    expect(encode(message)).toEqual(Buffer.from(toBinary(TimestampSchema, create(TimestampSchema, message))));
  }
});
