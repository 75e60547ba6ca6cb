import { amendmentGuards } from './amendment-guards.ts';
import { keyGuards, projectionGuards } from './data-guards.ts';
import { apiGuards, serviceGuards } from './door-guards.ts';
import { directCommandGuards } from './direct-command-guards.ts';
import { eventGuards } from './event-guards.ts';
import type { Guard } from './guard.ts';
import { laterAnswerGuards } from './later-answer-guards.ts';
import { messageGuards } from './message-guards.ts';
import { commandGuards, sagaGuards } from './saga-guards.ts';

/** Every guard of the product, by what it guards. */
export const guards: readonly Guard[] = [
  ...sagaGuards,
  ...laterAnswerGuards,
  ...commandGuards,
  ...directCommandGuards,
  ...amendmentGuards,
  ...keyGuards,
  ...projectionGuards,
  ...apiGuards,
  ...serviceGuards,
  ...eventGuards,
  ...messageGuards,
];
