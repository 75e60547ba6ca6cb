import { readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

/** The command line of a process, or an empty string when there is no such process or its command line can't be read. */
export async function readCommandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  return await runCommand('ps', ['-o', 'command=', '-p', String(pid)], { limitMs: 5_000 }).catch(() => '');
}
