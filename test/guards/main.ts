import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { bundleWorkflows, startSharedServers } from '../setup/shared-servers.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';
import { readmeFault, writeReadme } from './readme.ts';
import { tryWithout, type Finding } from './try-without.ts';

/** One more than there are cores on a small machine: a test that misses its guard mostly waits for what does not come. */
const AT_ONCE = 3;

/*
 * Takes each guard out of a copy of the sources, one at a time, and looks whether its test notices. Arguments choose the guards
 * whose name contains one of them; `--write` writes the table for people instead. Exit code: 0 when every test did, 1 otherwise.
 */
const wanted = process.argv.slice(2);
if (wanted[0] === '--write') {
  await writeReadme();
  process.exit();
}
const chosen = guards.filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));
const folder = await mkdtemp(join(tmpdir(), 'order-saga-guards-'));
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
  const [started, workflowBundle] = await Promise.all([startSharedServers(folder), bundleWorkflows(folder)]);
  stop = started.stop;
  const limit = pLimit(AT_ONCE);
  const findings = await Promise.all(
    chosen.map((guard) => limit(() => tryAndTell(guard, { folder, servers: started.servers, workflowBundle }))),
  );
  const missed = findings.filter(({ isCaught }) => !isCaught).length;
  say(
    missed === 0
      ? `\nEach of ${chosen.length} guards is missed by a test.`
      : `\n${missed} of ${chosen.length} NOT CAUGHT`,
  );
  return missed === 0 && chosen.length > 0 && fault === undefined;
}

async function tryAndTell(guard: Guard, surroundings: Parameters<typeof tryWithout>[1]): Promise<Finding> {
  const startedAt = performance.now();
  const finding = await tryWithout(guard, surroundings);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`${finding.isCaught ? 'caught    ' : 'NOT CAUGHT'} ${seconds.padStart(5)} s  ${guard.name} · ${guard.test[1]}`);
  if (!finding.isCaught) say(`             ${finding.why.replaceAll('\n', '\n             ')}`);
  return finding;
}

async function cleanUp(): Promise<void> {
  await stop?.();
  await rm(folder, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
