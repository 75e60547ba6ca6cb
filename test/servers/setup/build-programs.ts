import { findCollector } from './find-collector.ts';
import { findGoProgram, goPrograms } from './find-program.ts';

/**
 * Builds every program that isn't in our cache yet, one after the other, before any test's time runs. What can't be built is named by
 * the tests that need it.
 */
export async function setup(): Promise<void> {
  const finders = [...Object.values(goPrograms).map((program) => () => findGoProgram(program)), findCollector];
  for (const find of finders) await find().catch(() => undefined);
}
