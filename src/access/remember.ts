/** Remembers the result of `load`, and loads again only when it is older than `maxAgeMs`, never twice at a time. */
export function remember<T>(maxAgeMs: number, load: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let staleAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (last && performance.now() < staleAt) return last;
    staleAt = Number.POSITIVE_INFINITY;
    last = load().finally(() => {
      staleAt = performance.now() + maxAgeMs;
    });
    return last;
  };
}
