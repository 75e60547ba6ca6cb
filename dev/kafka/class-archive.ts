import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from '../local/run-command.ts';

/**
 * Options with which Java takes Kafka's classes from a file that holds them as they are in memory, instead of from its jars: a broker then starts with
 * half of the CPU, and so does a tool. None while there is no such file; Java passes over one that it can't use.
 */
export function useClassArchive(program: string): string[] {
  const archive = classArchiveOf(program);
  return archive !== undefined && existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:disable'] : [];
}

/** Where the file is: beside the jars, one for each Java, since none takes another's. Nothing without Java. */
export function classArchiveOf(program: string): string | undefined {
  const java = findOnPath('java', process.env);
  if (java === undefined) return undefined;
  const { mtimeMs, size } = statSync(realpathSync(java));
  return join(dirname(program), `classes-${Math.round(mtimeMs).toString(36)}-${size.toString(36)}.jsa`);
}
