/** How large a batch may be, and how many batches may be under way. */
export interface BatchLimits<Entry> {
  readonly maxUnderWay: number;
  readonly maxWeight: number;
  /** What an entry counts for in `maxWeight`; 1 unless said. One that is too heavy goes alone. */
  readonly weigh?: (entry: Entry) => number;
  /**
   * How long after a batch the next one begins at the earliest, unless it is full: a crowd then shares fewer and larger batches,
   * and who comes alone still goes at once. 0 unless said.
   */
  readonly apartMs?: number;
}

/** Does the work for one entry, together with those that others bring at about the same time. */
export type Batched<Entry, Result> = (entry: Entry) => Promise<Result>;

interface Waiting<Entry, Result> {
  readonly entry: Entry;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of many: entries gather while as many batches are under way as may be, and go together as soon as one is done;
 * at rest an entry goes at once. The work for an entry always begins after it was brought, so it never gets an older answer.
 * `work` answers the results in the order of the entries; what it throws, all of its batch get.
 */
export function inBatches<Entry, Result>(
  { maxUnderWay, maxWeight, weigh = () => 1, apartMs = 0 }: BatchLimits<Entry>,
  work: (entries: readonly Entry[]) => Promise<readonly Result[]>,
): Batched<Entry, Result> {
  let waiting: Waiting<Entry, Result>[] = [];
  let underWay = 0;
  let isAwake = false;
  let beganMs = -Infinity;

  const run = async (batch: readonly Waiting<Entry, Result>[]) => {
    underWay += 1;
    beganMs = performance.now();
    try {
      const results = await work(batch.map(({ entry }) => entry));
      if (results.length !== batch.length) throw new Error('a batch has not as many results as entries');
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      underWay -= 1;
      next();
    }
  };
  const next = () => {
    if (isAwake || waiting.length === 0 || underWay >= maxUnderWay) return;
    const earlyMs = beganMs + apartMs - performance.now();
    if (earlyMs > 0 && waiting.reduce((weight, { entry }) => weight + weigh(entry), 0) < maxWeight) {
      wake((then) => setTimeout(then, earlyMs));
      return;
    }
    void run(take());
    next();
  };
  const take = () => {
    let weight = 0;
    const tooMany = waiting.findIndex(({ entry }, index) => (weight += weigh(entry)) > maxWeight && index > 0);
    const batch = tooMany < 0 ? waiting : waiting.slice(0, tooMany);
    waiting = tooMany < 0 ? [] : waiting.slice(tooMany);
    return batch;
  };
  const wake = (schedule: (then: () => void) => void) => {
    isAwake = true;
    schedule(() => {
      isAwake = false;
      next();
    });
  };

  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      // What arrives in the same turn of the event loop goes together.
      if (!isAwake) wake(setImmediate);
    });
}
