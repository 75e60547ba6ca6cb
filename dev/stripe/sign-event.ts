import { createHmac } from 'node:crypto';

/** The `Stripe-Signature` header of a payload, by one signature for each secret. */
export function signEvent(
  payload: string,
  secrets: readonly string[],
  atSeconds = Math.floor(Date.now() / 1_000),
): string {
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', secret).update(`${atSeconds}.${payload}`).digest('hex');
    return `v1=${digest}`;
  });
  return [`t=${atSeconds}`, ...signatures].join(',');
}
