import type { WriteStream } from 'node:tty';
import { progressLine } from '../../src/cli/orders/progress-line.ts';

/** Shows how far the placing is; `stop` leaves the last state on the screen. */
export interface Progress {
  readonly record: (label: string) => void;
  readonly stop: () => void;
}

/** Smooth to the eye, cheap for the machine. */
const REDRAW_MS = 200;
/** For a log: often enough to see that it moves. */
const LOG_MS = 3_000;

/** A bar that redraws itself on a terminal, a plain line every few seconds elsewhere. */
export function createProgress(total: number, stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>): Progress {
  const startedMs = Date.now();
  const counts = new Map<string, number>();
  let done = 0;
  const draw = (): void => {
    const text = progressLine({ done, total, elapsedMs: Date.now() - startedMs, counts });
    if (stream.isTTY) stream.write(`\r\u001B[K${text.slice(0, (stream.columns || 120) - 1)}`);
    else stream.write(`${text}\n`);
  };
  const timer = setInterval(draw, stream.isTTY ? REDRAW_MS : LOG_MS);
  return {
    record: (label) => {
      done += 1;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    },
    stop: () => {
      clearInterval(timer);
      draw();
      if (stream.isTTY) stream.write('\n');
    },
  };
}
