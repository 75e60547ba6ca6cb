import { eventTypes } from './order-event.ts';

/** Whether `pattern` names a type, a family of types or all of them. */
export function isEventPattern(pattern: string): boolean {
  return eventTypes.some((type) => patternsOf(type).includes(pattern));
}

/** Every pattern that events are subscribed to by. */
export const eventPatterns: readonly string[] = [...new Set(eventTypes.flatMap(patternsOf))].toSorted();

/** The patterns that name an event of this type: itself, its family, and `*`. */
function patternsOf(type: string): string[] {
  return [type, `${type.split('.', 1)[0]}.*`, '*'];
}
