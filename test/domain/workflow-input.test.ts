import { describe, expect, test } from 'vitest';
import { isCreateOrderInput, isImportOrdersInput } from '../../src/domain/workflow-input.ts';
import { input } from '../saga/plans/order.ts';

describe("an order's workflow", () => {
  test('is started with what the API gives it', () => {
    expect(isCreateOrderInput(input)).toBe(true);
  });

  test.each(Object.keys(input))('is not started with a wrong %s, or without one', (field) => {
    expect(isCreateOrderInput({ ...input, [field]: {} })).toBe(false);
    expect(isCreateOrderInput({ ...input, [field]: undefined })).toBe(false);
  });

  test.each([
    ['a currency that there is not', { currency: 'ZZZ' }],
    ['a line that is none', { lines: ['TEAPOT'] }],
    ['a line without a quantity', { lines: [{ sku: 'TEAPOT' }] }],
  ])('is not started with %s', (_, wrong) => {
    expect(isCreateOrderInput({ ...input, ...wrong })).toBe(false);
  });
});

test.each([null, undefined, 'x', [], {}, { importId: 'i1' }, { importId: 1, total: 1, inFlight: 1 }])(
  "an import's workflow is not started with %j",
  (wrong) => {
    expect(isImportOrdersInput(wrong)).toBe(false);
    expect(isCreateOrderInput(wrong)).toBe(false);
  },
);
