/** What became of one order; `label` is CONFIRMED or says what it was instead, `orderId` is there when there is an order. */
export interface Placed {
  readonly label: string;
  readonly orderId?: string | undefined;
}

/** The label of an order that went as it should. */
export const CONFIRMED = 'CONFIRMED';

/** What a load came to; `latenciesMs` are those of the confirmed orders, `others` counts all else by label. */
export interface LoadResult {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  readonly confirmedIds: readonly string[];
  readonly others: Readonly<Record<string, number>>;
}

/** Places `count` orders, `concurrency` at a time: as soon as one is through, the next one goes. Rejects when `place` does. */
export async function runLoad(
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
  place: () => Promise<Placed>,
): Promise<LoadResult> {
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
