import { expect, test } from 'vitest';
import { actions as allActions, actionsOf, callOf } from './matrix.ts';
import { describeDeaths, describeDisturbances, type Matrix } from './run-matrix.ts';

// Without a cache a worker runs one workflow at a time, so that it takes several to have many orders under way.
const matrices: readonly Matrix[] = [
  {
    name: 'with cached workflows',
    settings: { WORKFLOW_CACHE_SIZE: '1000' },
    workers: 1,
    isCaptured: false,
    actions: actionsOf(false),
  },
  {
    name: 'with every workflow task replayed from the start, and payments authorised and captured',
    settings: { WORKFLOW_CACHE_SIZE: '0', WORKER_MAX_WORKFLOW_TASKS: '1' },
    workers: 4,
    isCaptured: true,
    actions: actionsOf(true),
  },
];

test('every step and compensation of the saga is in the matrix', () => {
  expect(Object.keys(callOf).toSorted()).toEqual(allActions.toSorted());
});

matrices.forEach(describeDisturbances);
matrices.forEach(describeDeaths);
