import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startSharedServers } from '../setup/shared-servers.ts';
import { TESTS_AT_ONCE } from '../setup/tests-at-once.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';
import { readmeFault, writeReadme } from './readme.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/*
 * Takes each guard out of a copy of the sources, one at a time, and looks whether its test notices. Arguments choose the guards
 * whose name contains one of them; `--write` writes the table for people instead. Exit code: 0 when every test did, 1 otherwise.
 */
const wanted = process.argv.slice(2);

/** More than tests: what a test waits for can't come without the guard, and it waits for that as long as it may. */
const TRIES_AT_ONCE = TESTS_AT_ONCE + 2;

if (wanted[0] === '--write') {
  await writeReadme();
  process.exit();
}
const chosen = guards.filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));
const folder = await mkdtemp(join(tmpdir(), 'order-saga-guards-'));
const workplaces: Workplace[] = [];
let stop: (() => Promise<void>) | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void cleanUp().finally(() => process.exit(1)));

try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await cleanUp();
}
process.exit();

async function run(): Promise<boolean> {
  const fault = await readmeFault();
  if (fault !== undefined) say(fault);
  const started = await startSharedServers(folder);
  stop = started.stop;
  const left = chosen.values();
  const missed = await Promise.all(
    Array.from({ length: Math.min(TRIES_AT_ONCE, chosen.length) }, async () => {
      const workplace = await openWorkplace(folder, started.servers);
      workplaces.push(workplace);
      let count = 0;
      for (const guard of left) if (!(await tryAndTell(guard, workplace))) count += 1;
      return count;
    }),
  ).then((counts) => counts.reduce((sum, count) => sum + count, 0));
  say(
    missed === 0
      ? `\nEach of ${chosen.length} guards is missed by a test.`
      : `\n${missed} of ${chosen.length} NOT CAUGHT`,
  );
  return missed === 0 && chosen.length > 0 && fault === undefined;
}

/** Says what came of it, and whether the guard is missed. */
async function tryAndTell(guard: Guard, workplace: Workplace): Promise<boolean> {
  const startedAt = performance.now();
  const finding = await workplace.tryWithout(guard);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`${finding.isCaught ? 'caught    ' : 'NOT CAUGHT'} ${seconds.padStart(5)} s  ${guard.name} · ${guard.test[1]}`);
  if (!finding.isCaught) say(`             ${finding.why.replaceAll('\n', '\n             ')}`);
  return finding.isCaught;
}

async function cleanUp(): Promise<void> {
  await Promise.all(workplaces.map((workplace) => workplace.close()));
  await stop?.();
  await rm(folder, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
