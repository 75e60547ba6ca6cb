import { availableParallelism } from 'node:os';

/** Processes that run tests at the same time: more than there are cores, since most tests wait for a server most of the time. */
export const TESTS_AT_ONCE = Math.min(availableParallelism() + 2, 6);
