/** So many lines a second cost nothing that can be measured; more of them would cost reads a tenth of their speed. */
const ALL_PER_SECOND = 50;

/**
 * Returns a function that says of each read that succeeded whether it is logged: all of them while they are few, and of those beyond fifty
 * a second in this process the share `share`. With a share of 0 none is logged, with 1 all are.
 */
export function createSampler(share: number, nowMs = () => performance.now(), random = Math.random): () => boolean {
  let secondEndsMs = -Infinity;
  let count = 0;
  return () => {
    if (share === 0 || share === 1) return share === 1;
    const now = nowMs();
    if (now >= secondEndsMs) {
      secondEndsMs = now + 1_000;
      count = 0;
    }
    count += 1;
    return count <= ALL_PER_SECOND || random() < share;
  };
}
