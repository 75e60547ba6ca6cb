import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInto } from '../local/cache-folder.ts';
import { classArchiveOf } from './class-archive.ts';
import { findKafka } from './find-kafka.ts';
import { startKafka } from './start-kafka.ts';

/** Makes the file of Kafka's classes from what a broker has loaded that is started for it; does nothing when it is there. */
export async function archiveClasses(): Promise<void> {
  const program = await findKafka({ progress: () => undefined });
  const archive = classArchiveOf(program);
  if (archive === undefined || existsSync(archive)) return;
  await installInto(archive, async (made) => {
    const file = join(made, 'classes.jsa');
    const folder = await mkdtemp(join(tmpdir(), 'kafka-classes-'));
    try {
      const broker = await startKafka({ folder, java: [`-XX:ArchiveClassesAtExit=${file}`] });
      await broker.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return file;
  });
}
