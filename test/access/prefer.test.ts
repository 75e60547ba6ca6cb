import { expect, test } from 'vitest';
import { patienceOf } from '../../src/access/prefer.ts';

test.each([
  [undefined, 2_000, undefined],
  ['respond-async', 0, 'respond-async'],
  ['Respond-Async; x=1', 0, 'respond-async'],
  ['wait=5', 5_000, 'wait=5'],
  ['wait="5"', 5_000, 'wait=5'],
  ['respond-async, wait=10', 10_000, 'wait=10'],
  ['return=minimal, wait = 1', 1_000, 'wait=1'],
  ['wait=1, wait=9', 1_000, 'wait=1'],
  ['wait=31', 30_000, 'wait=30'],
  ['wait=0', 0, 'wait=0'],
  ['wait=-1', 2_000, undefined],
  ['wait=1.5', 2_000, undefined],
  ['wait', 2_000, undefined],
  ['wait=99999999999999999999', 2_000, undefined],
  [',;=', 2_000, undefined],
])('the preference %j waits %i ms', (prefer, waitMs, applied) => {
  expect(patienceOf(prefer, 2_000)).toEqual({ waitMs, applied });
});
