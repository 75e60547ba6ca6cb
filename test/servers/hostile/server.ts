import { getHeapStatistics } from 'node:v8';
import { createApi } from '../../../src/http/app.ts';
import { listen } from '../../../src/http/listen.ts';
import { openApiParts } from '../../http/api-parts.ts';
import type { Effort, ServerOrder } from './measured-server.ts';

/**
 * The API in a process of its own, which tells what it took: `node --expose-gc server.ts <sandbox> <database> <port> <settings as JSON>`.
 * Work is told by the processor time of this thread between two turns of a timer, which another busy process does not lengthen, as it would
 * the time on the clock.
 */
const [url = '', databaseUrl = '', port = '', settings = '{}'] = process.argv.slice(2);

const SAMPLE_MS = 2;

let longestMs = 0;
let before = process.threadCpuUsage();

setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  longestMs = Math.max(longestMs, (user + system) / 1_000);
  before = process.threadCpuUsage();
}, SAMPLE_MS);

function heldBytes(): number {
  globalThis.gc?.();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

process.on('message', (order: ServerOrder) => {
  const effort: Effort = { longestMs, heldBytes: heldBytes() };
  if (order === 'begin') longestMs = 0;
  // Collecting garbage was our own work.
  before = process.threadCpuUsage();
  process.send?.(effort);
});
process.on('disconnect', () => process.exit());

const parts = openApiParts({ url, databaseUrl }, { settings: JSON.parse(settings) as Record<string, string> });
await listen(createApi(parts), { host: '127.0.0.1', port: Number(port) });
process.send?.('listening');
