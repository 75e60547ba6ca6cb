import type { HttpLoad } from './http-load.ts';
import { computePercentiles } from './measures.ts';

/** Formats a load in one line: rate, times, and unexpected answers. */
export function formatLoad(name: string, { seconds, answered, latenciesMs, outcomes }: HttpLoad): string {
  const { p50, p95, p99 } = computePercentiles(latenciesMs);
  const times = [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ');
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} × ${outcome}`);
  return `${name}: ${(answered / seconds).toFixed(0)}/s, p50 / p95 / p99 ${times} ms, ${counts.join(', ')}`;
}
