import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { isExecutable } from './server-process.ts';

/** What a command printed; rejects with the end of its error output when it fails or takes longer than `limitMs`. */
export function runCommand(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; limitMs: number },
): Promise<string> {
  const { limitMs, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { ...rest, timeout: limitMs, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        process.off('exit', killChild);
        if (!error) return resolve(stdout);
        const lastLines = (stderr || stdout).trim().split('\n').slice(-3).join(' / ');
        reject(new Error(error.killed ? `took longer than ${limitMs / 1000} s` : lastLines || error.message));
      },
    );
    const killChild = () => child.kill();
    process.on('exit', killChild);
  });
}

/** The path of `program` on the PATH of `env`, if it is there. */
export function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}
