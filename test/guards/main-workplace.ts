import type { Guard } from './guard.ts';
import { prepareTries } from './try-without.ts';

/* Tries each guard that it is sent in the copy of the sources that it was started from, one at a time, and answers with what it found. */
const preparing = prepareTries();
process.on('message', (guard: Guard) => {
  void preparing.then(async ({ tryWithout }) => process.send?.(await tryWithout(guard)));
});
process.on('disconnect', () => {
  void preparing.then(({ close }) => close()).finally(() => process.exit());
});
