import type { SharedStartFigures, StartFigures } from '../../repositories/start-figures.ts';

/** Exchanges a process's figures for those of all. */
export type ExchangeFigures = (own: StartFigures) => Promise<SharedStartFigures>;

/** The figures of a process that knows of no other. */
export function figuresOfOne(own: StartFigures, clockMs: number): SharedStartFigures {
  return { ...own, processes: 1, place: 0, clockMs };
}
