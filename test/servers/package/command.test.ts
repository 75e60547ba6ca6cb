import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

let folder: string;
/** The product as `npm pack` makes it. */
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-package-'));
  const source = join(folder, 'source');
  await mkdir(source);
  const parts = ['package.json', 'tsconfig.json', '.config', 'src', 'workflows', 'activities', 'migrations'];
  for (const part of parts) await cp(join(root, part), join(source, part), { recursive: true });
  await leaveTypesOut(join(source, '.config/tsconfig.build.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
  const { stdout } = await run('npm', ['pack', '--json'], {
    cwd: source,
    env: { ...process.env, npm_config_json: '' },
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  installed = join(folder, 'installed');
  await mkdir(installed);
  await run('tar', ['-xzf', join(source, filename), '-C', installed, '--strip-components=1']);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each(['in the installed package', 'in a checkout'])(
  'the command orders runs %s under the Node of the machine',
  async (where) => {
    const command = join(where === 'in a checkout' ? root : installed, 'src/cli/orders/bin.js');
    const { stdout } = await run('node', [command, '--help'], { env: { ...process.env, PATH: pathOfTheMachine() } });
    expect(stdout).toContain('Usage: orders');
    const refused = await run('node', [command, 'nonsense'], { env: { PATH: pathOfTheMachine() } }).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown command 'nonsense'") });
  },
);

/** Types are neither checked nor declared: that they can be is what `npm run build` shows, and no command runs otherwise for it. */
async function leaveTypesOut(file: string): Promise<void> {
  const build = JSON.parse(await readFile(file, 'utf8')) as { compilerOptions: object };
  const compilerOptions = { ...build.compilerOptions, noCheck: true, declaration: false };
  await writeFile(file, JSON.stringify({ ...build, compilerOptions }));
}

/** Without what npm puts before it while a script runs, which is the package's own Node. */
function pathOfTheMachine(): string {
  const own = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  return [...own, join(process.execPath, '..')].join(delimiter);
}
