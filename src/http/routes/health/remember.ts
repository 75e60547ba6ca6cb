/** What `load` resolves to, loaded again only when the last answer is older than `maxAgeMs`, and never twice at a time. */
export function remember<T>(maxAgeMs: number, load: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (last && performance.now() - loadedAt < maxAgeMs) return last;
    const loading = load();
    last = loading;
    loadedAt = Number.POSITIVE_INFINITY;
    const done = () => {
      loadedAt = performance.now();
    };
    loading.then(done, done);
    return loading;
  };
}
