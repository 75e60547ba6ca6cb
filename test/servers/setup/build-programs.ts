import { archiveClasses } from '../../../dev/kafka/archive-classes.ts';
import { findKafka } from '../../../dev/kafka/find-kafka.ts';
import { findDatacontract } from '../contracts/find-datacontract.ts';
import { findCollector } from './find-collector.ts';
import { findGoProgram, goPrograms } from './find-program.ts';

/**
 * Builds or downloads every program that isn't in our cache yet, one after the other, before any test's time runs. What can't be had is named
 * by the tests that need it.
 */
export async function setup(): Promise<void> {
  const finders = [
    () => findKafka({ progress }),
    archiveClasses,
    ...Object.values(goPrograms).map((program) => () => findGoProgram(program)),
    findCollector,
    findDatacontract,
  ];
  for (const find of finders) await find().catch(() => undefined);
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}
