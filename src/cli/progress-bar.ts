import { Presets, SingleBar } from 'cli-progress';

/** A progress display; {@link ProgressBar.stop} leaves the last state on the screen. */
export interface ProgressBar {
  /** Shows how many are done, and how many had each outcome. */
  readonly update: (done: number, outcomes: Readonly<Record<string, number>>) => void;
  readonly stop: () => void;
}

/** Often enough to see progress in a log. */
const LOG_MS = 3_000;

/** Shows a bar with rate, time left and outcomes on a terminal; elsewhere prints a line every few seconds. */
export function startProgressBar(total: number, stream: NodeJS.WritableStream = process.stderr): ProgressBar {
  const startedMs = Date.now();
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total}  {rate}/s  ETA {eta_formatted}  {outcomes}',
      barsize: 24,
      stream,
      linewrap: false,
      noTTYOutput: true,
      notTTYSchedule: LOG_MS,
      // Otherwise the first Ctrl-C would only stop the bar.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { rate: '0', outcomes: '' });
  return {
    update: (done, outcomes) => {
      bar.update(done, {
        rate: ((done * 1_000) / Math.max(Date.now() - startedMs, 1)).toFixed(0),
        outcomes: Object.entries(outcomes)
          .map(([label, count]) => `${label} ${count}`)
          .join(' · '),
      });
    },
    stop: () => bar.stop(),
  };
}
