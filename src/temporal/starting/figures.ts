import type { SharedStartFigures, StartFigures } from '../../repositories/start-figures.ts';

/** What the processes that start sagas tell each other. */
export interface SharedFigures {
  /** Exchanges a process's figures for those of all. */
  readonly exchange: (own: StartFigures) => Promise<SharedStartFigures>;
  /** Tells that this process has started a saga that somebody waits for. */
  readonly tellAwaited: () => Promise<void>;
}

/** The figures of a process that knows of no other: somebody may wait for a saga of one. */
export function figuresOfOne(own: StartFigures, clockMs: number): SharedStartFigures {
  return { ...own, processes: 1, place: 0, clockMs, isAwaited: true };
}
