import { readFile } from 'node:fs/promises';
import { runCommand } from '../dev/local/run-command.ts';

/** CPU time of a process and its descendants since their start (NaN without /proc), and their memory now. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly residentMb: number;
}

/** Linux reports CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
/** ps takes milliseconds. */
const PS_LIMIT_MS = 5_000;

/**
 * Reads the usage of each named process with its descendants, but those that have a name of their own: what the bench has started counts for itself.
 * Leaves out processes that are not on this machine.
 */
export async function readUsage(
  pids: Readonly<Record<string, number | undefined>>,
): Promise<Readonly<Record<string, Usage>>> {
  const processes = await listProcesses();
  const named = new Set(Object.values(pids));
  const usages: Record<string, Usage> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const root = processes.find((other) => other.pid === pid);
    if (!root) continue;
    const children = descendants(
      processes.filter(({ pid: other }) => !named.has(other)),
      root.pid,
    );
    const own = await readCpuSeconds(root.pid);
    // A child may have ended meanwhile.
    const theirs = await Promise.all(children.map(async ({ pid: child }) => (await readCpuSeconds(child)) || 0));
    usages[name] = {
      cpuSeconds: sum([own, ...theirs]),
      residentMb: sum([root, ...children].map(({ residentMb }) => residentMb)),
    };
  }
  return usages;
}

async function listProcesses(): Promise<Process[]> {
  const list = await runCommand('ps', ['-A', '-o', 'pid=,ppid=,rss='], { limitMs: PS_LIMIT_MS }).catch(() => '');
  return list.split('\n').flatMap((line) => {
    const [pid, parent, residentKb] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || residentKb === undefined) return [];
    return [{ pid, parent, residentMb: residentKb / 1024 }];
  });
}

function descendants(processes: readonly Process[], pid: number): Process[] {
  const children = processes.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(processes, child.pid)]);
}

/**
 * Reads the user and system time of a process and its ended children.
 * The program's name, which may contain any character, is in brackets before the numbers.
 */
async function readCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return Number.NaN;
  return sum(fields.slice(11, 15).map(Number)) / TICKS_PER_SECOND;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
