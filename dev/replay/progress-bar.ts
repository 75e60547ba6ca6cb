import type { WriteStream } from 'node:tty';

/** Shows how far the placing is; `stop` leaves the last state on the screen. */
export interface Progress {
  readonly record: (label: string) => void;
  readonly stop: () => void;
}

/** Smooth to the eye, cheap for the machine. */
const REDRAW_MS = 200;
/** For a log: often enough to see that it moves. */
const LOG_MS = 3_000;
const BAR_CHARACTERS = 24;

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

/** The progress as one line: bar, count, rate, time left, outcomes. */
export function progressLine(state: {
  done: number;
  total: number;
  elapsedMs: number;
  counts: ReadonlyMap<string, number>;
}): string {
  const share = state.total === 0 ? 1 : state.done / state.total;
  const full = Math.floor(share * BAR_CHARACTERS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
  const rate = state.elapsedMs > 0 ? (state.done * 1_000) / state.elapsedMs : 0;
  const left = rate > 0 ? clock((state.total - state.done) / rate) : '–:––';
  const outcomes = [...state.counts].map(([label, n]) => `${label} ${n}`).join(' · ');
  return `${bar} ${state.done}/${state.total}  ${rate.toFixed(0)}/s  ETA ${left}  ${outcomes}`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
