/** What one process shows of itself, and what reading it takes. */
export interface ProcessMetrics {
  /** SQL statements since its start. */
  readonly statements: number;
  /** Long polls that it has open at Temporal. */
  readonly pollers: number;
  readonly scrapeMs: number;
  readonly scrapeBytes: number;
}

/** Reads the metrics of a process as Prometheus does; throws when they are missing. */
export async function readProcessMetrics(metricsUrl: string): Promise<ProcessMetrics> {
  const startedMs = performance.now();
  const text = await (await fetch(metricsUrl)).text();
  const scrapeMs = performance.now() - startedMs;
  const statements = sumSeries(text, 'database_statements_total');
  if (Number.isNaN(statements)) throw new Error(`${metricsUrl} has no database_statements_total`);
  return {
    statements,
    pollers: sumSeries(text, 'temporal_num_pollers') || 0,
    scrapeMs,
    scrapeBytes: Buffer.byteLength(text),
  };
}

/** Adds up a metric over its labels; NaN when there is none. */
function sumSeries(text: string, name: string): number {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? Number.NaN : values.reduce((total, value) => total + value, 0);
}
