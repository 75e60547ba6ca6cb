import { describe, expect, test } from 'vitest';
import { isCreateOrderInput, isImportOrdersInput, isResolveSagasInput } from '../../src/domain/workflow-input.ts';
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

test('a resolution is started with its id, and with sizes of its pages and runs where they are given', () => {
  expect(isResolveSagasInput({ resolutionId: 'r1' })).toBe(true);
  expect(isResolveSagasInput({ resolutionId: 'r1', stepsPerPage: 1, pagesPerRun: 2 })).toBe(true);
});

test.each([null, {}, ...[0, -1, 0.5, '2', null].map((size) => ({ resolutionId: 'r1', stepsPerPage: size }))])(
  'a resolution is not started with %j, which it would never come to the end of',
  (wrong) => {
    expect(isResolveSagasInput(wrong)).toBe(false);
  },
);
