import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeRollout } from './judge-rollout.ts';
import { runRollout } from './rollout.ts';

/** Rehearses a release on this machine, and tells what its clients noticed; exit code 1 when they noticed anything. */
const dataDir = await mkdtemp(join(tmpdir(), 'order-saga-rollout-'));
const result = await runRollout(dataDir, (line) => {
  console.log(line);
});
const { seen, confirmedAfterMs, usage } = result;
const times = confirmedAfterMs.filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
console.log(
  `${seen.requests} requests, ${seen.lost.length} of them lost; the slowest read took ${Math.round(seen.slowestReadMs)} ms`,
);
console.log(
  `${confirmedAfterMs.length} orders, ${times.length} of them confirmed, in ${times.at(times.length >> 1)} ms (p50), ${times.at(-1)} ms (slowest)`,
);
console.log(`${result.followed.length} orders followed, ${seen.reconnections} reconnections`);
for (const [name, { residentMb, cpuSeconds }] of Object.entries(usage)) {
  console.log(`${name}: ${Math.round(residentMb)} MB, ${cpuSeconds.toFixed(1)} s of CPU since its start`);
}
const breaches = judgeRollout(result);
for (const breach of breaches) console.error(breach);
if (breaches.length === 0) await rm(dataDir, { recursive: true, force: true });
else console.error(`The logs are in ${dataDir}`);
process.exit(breaches.length === 0 ? 0 : 1);
