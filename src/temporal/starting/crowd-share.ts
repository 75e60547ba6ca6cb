/** While more orders come in than start, this process is busy for at most so much of its time; the rest is for bursts. */
const BUSY_SHARE = 0.7;

/** The smallest share; how many sagas start at least is set in sagas a second. */
const LEAST_SHARE = 0.001;

/** How much of the usual rate of starts is left while orders come in faster than they start: accepting goes first, since those orders can wait. */
export function createCrowdShare(busyShare: () => number) {
  let share = 1;
  let orders = 0;
  let starts = 0;
  return {
    share: () => share,
    countOrder: (): void => {
      orders += 1;
    },
    countStart: (): void => {
      starts += 1;
    },
    /** Sets the share by what was counted since the last call. */
    adjust: (): void => {
      const isCrowded = orders > 2 * starts;
      const factor = isCrowded ? Math.min(2, Math.max(0.25, 1 + 4 * (BUSY_SHARE - busyShare()))) : 2;
      if (!isCrowded) busyShare();
      share = Math.min(1, Math.max(LEAST_SHARE, share * factor));
      orders = 0;
      starts = 0;
    },
  };
}
