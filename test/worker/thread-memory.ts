import { getHeapSpaceStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { runProcess } from '../../src/run-process.ts';

/** Makes so many objects that the space of new ones grows as far as it may, and returns its size in megabytes. */
function growNewSpace(): number {
  let kept: object[] = [];
  for (let made = 0; made < 4_000_000; made += 1) {
    kept.push({ made });
    if (kept.length > 400_000) kept = [];
  }
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return (space?.space_size ?? Number.NaN) / 2 ** 20;
}

/** Prints the sizes in the main thread and in one that was started later. */
async function tell(): Promise<never> {
  const ofMain = growNewSpace();
  const ofThread = await new Promise((resolve) => {
    new Worker(import.meta.filename).once('message', resolve);
  });
  process.stdout.write(JSON.stringify({ ofMain, ofThread }));
  process.exit();
}

if (isMainThread) await runProcess(tell);
else parentPort?.postMessage(growNewSpace(), []);
