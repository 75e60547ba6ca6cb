import { expect, test } from 'vitest';
import { kill, spawnServer } from '../../../dev/local/server-process.ts';
import { supervise } from '../../../dev/local/supervisor.ts';
import { eventually } from '../../setup/eventually.ts';

const sleeper = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], log: () => {} };

test('a killed process is restarted and the restart is logged, until it is stopped', async () => {
  const pids: number[] = [];
  const lines: string[] = [];
  const supervised = await supervise({
    name: 'sleeper',
    start: () => spawnServer(sleeper),
    log: (line) => lines.push(line),
    onStart: (pid) => pids.push(pid),
  });
  kill(pids[0] as number, 'SIGKILL');
  await eventually(() => pids.length === 2);
  expect(lines.join('\n')).toMatch(/sleeper ended with SIGKILL; starting it again in 0.2 s\nsleeper is up again/);
  await supervised.stop();
  expect(pids.map((pid) => kill(pid, 0))).toEqual([false, false]);
});

test('a failed restart is retried until it succeeds', async () => {
  let starts = 0;
  const pids: number[] = [];
  const supervised = await supervise({
    name: 'sleeper',
    start: async () => {
      starts += 1;
      if (starts === 2) throw new Error('not now');
      return await spawnServer(sleeper);
    },
    log: () => {},
    onStart: (pid) => pids.push(pid),
  });
  kill(pids[0] as number, 'SIGKILL');
  await eventually(() => pids.length === 2);
  expect(starts).toBe(3);
  await supervised.stop();
});

test('a stop between death and restart prevents the restart', async () => {
  const pids: number[] = [];
  const died = Promise.withResolvers<void>();
  const supervised = await supervise({
    name: 'sleeper',
    start: () => spawnServer(sleeper),
    log: () => died.resolve(),
    onStart: (pid) => pids.push(pid),
  });
  kill(pids[0] as number, 'SIGKILL');
  await died.promise;
  await supervised.stop();
  expect(pids).toHaveLength(1);
});

test('a process that ignores the stop signal is killed after its time limit', async () => {
  const lines: string[] = [];
  const server = await spawnServer({
    command: process.execPath,
    args: ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')"],
    log: (line) => lines.push(line),
    stopLimitMs: 100,
  });
  await eventually(() => lines.includes('deaf'));
  await server.stop();
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a process does not outlive its parent, even a killed one', async () => {
  const module = new URL('../../../dev/local/server-process.ts', import.meta.url).href;
  const lines: string[] = [];
  const parent = await spawnServer({
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `const { spawnServer } = await import(${JSON.stringify(module)});
       const child = await spawnServer({ ...${JSON.stringify(sleeper)}, log: () => {} });
       console.log(child.pid); setInterval(() => {}, 1000);`,
    ],
    log: (line) => lines.push(line),
  });
  const child = await eventually(() => lines.map(Number).find((pid) => pid > 0) ?? false);
  kill(parent.pid, 'SIGKILL');
  await eventually(() => expect(kill(child, 0)).toBe(false));
});
