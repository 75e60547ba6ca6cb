/** The outcome of one order; `label` is CONFIRMED or the other outcome, `orderId` is set when there is an order. */
export interface Placed {
  readonly label: string;
  readonly orderId?: string | undefined;
}

/** The label of a confirmed order. */
export const CONFIRMED = 'CONFIRMED';

/** The result of a load; `latenciesMs` are those of the confirmed orders, `others` counts all other outcomes by label. */
export interface LoadResult {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  readonly confirmedIds: readonly string[];
  readonly others: Readonly<Record<string, number>>;
}

/** So many orders, and how many of them at a time. */
export interface Load {
  readonly count: number;
  readonly concurrency: number;
}

/** Places `count` orders, `concurrency` at a time: each as soon as another one is done. Rejects when `place` does. */
export async function runLoad({ count, concurrency }: Load, place: () => Promise<Placed>): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const confirmedIds: string[] = [];
  const others: Record<string, number> = {};
  let waiting = count;
  const placeNext = async () => {
    while (waiting > 0) {
      waiting -= 1;
      const startedMs = performance.now();
      const { label, orderId } = await place();
      if (label === CONFIRMED && orderId !== undefined) {
        latenciesMs.push(performance.now() - startedMs);
        confirmedIds.push(orderId);
      } else {
        others[label] = (others[label] ?? 0) + 1;
      }
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, placeNext));
  return { seconds: (performance.now() - startedMs) / 1_000, latenciesMs, confirmedIds, others };
}
