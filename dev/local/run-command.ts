import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { isExecutable } from './server-process.ts';

/** Runs a command and returns its output; rejects with the end of its error output when it fails or takes longer than `limitMs`. */
export async function runCommand(
  command: string,
  args: string[],
  { env, cwd, limitMs }: { env?: NodeJS.ProcessEnv; cwd?: string; limitMs: number },
): Promise<string> {
  const result = await execa(command, args, {
    timeout: limitMs,
    reject: false,
    ...(env && { env, extendEnv: false }),
    ...(cwd !== undefined && { cwd }),
  });
  if (!result.failed) return result.stdout;
  if (result.timedOut) throw new Error(`took longer than ${limitMs / 1000} s`);
  const lastLines = (result.stderr || result.stdout || '').trim().split('\n').slice(-3).join(' / ');
  throw new Error(lastLines || result.originalMessage || result.shortMessage);
}

/** Returns the path of `program` on the PATH of `env`, or `undefined`. */
export function findOnPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}
