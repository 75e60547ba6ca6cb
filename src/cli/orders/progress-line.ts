const BAR_CHARACTERS = 24;

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
