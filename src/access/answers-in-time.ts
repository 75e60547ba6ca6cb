/** A component that takes longer than this to answer counts as unavailable. */
const PROBE_TIMEOUT_MS = 1_000;

/** Whether a component answers, and soon. Never rejects. */
export async function answersInTime(probe: () => Promise<void>): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    resolve(false);
  }, PROBE_TIMEOUT_MS);
  const inTime = probe().then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([inTime, tooLate]);
  clearTimeout(timer);
  return answered;
}
