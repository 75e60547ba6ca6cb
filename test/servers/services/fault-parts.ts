import type { Fault, ProxiedAnswer, ProxiedCall } from './faulty-service.ts';

let drawn = 0;
export const draw = () => String((drawn += 1));

/** Forgets keys: every charge is a new one. */
export const forgetKeys: Fault = (call, next) =>
  call.path === '/payments' && call.method === 'POST' ? next({ key: `${call.key}:${draw()}` }) : next();

export const isCharge = ({ method, path }: ProxiedCall) => method === 'POST' && path === '/payments';
export const isCapture = ({ path }: ProxiedCall) => path.endsWith('/capture');
export const isReview = ({ path }: ProxiedCall) => path === '/reviews';
export const isVoid = ({ path }: ProxiedCall) => path.endsWith('/void');
export const isRefund = ({ path }: ProxiedCall) => path.endsWith('/refund');
export const isReserve = ({ method, path }: ProxiedCall) => method === 'POST' && path === '/reservations';
export const isRelease = ({ method, path }: ProxiedCall) => method === 'DELETE' && /^\/reservations\/[^/]+$/.test(path);
export const isAmend = ({ method, path }: ProxiedCall) => method === 'PUT' && /^\/reservations\/[^/]+$/.test(path);
export const isRestock = ({ method, path }: ProxiedCall) => method === 'PUT' && path.includes('/restocks/');
export const isSend = ({ method, path }: ProxiedCall) => method === 'POST' && path === '/notifications';

/** Answers some calls in another way, after the right service has. */
export const instead =
  (
    concerns: (call: ProxiedCall, given: ProxiedAnswer) => boolean,
    given: (right: ProxiedAnswer) => ProxiedAnswer,
  ): Fault =>
  async (call, next) => {
    const right = await next();
    return concerns(call, right) ? given(right) : right;
  };

export const isUnder = (prefix: string) => (call: ProxiedCall) => call.path.startsWith(prefix);

/** Takes goods from the stock at each commit: what is available stays right, since they are no longer counted as held either. */
export function bookOutAgain(): Fault {
  const committed = new Set<string>();
  let repeats = 0;
  return async (call, next) => {
    const right = await next();
    if (call.path.endsWith('/commit') && right.status === 200) {
      if (committed.has(call.path)) repeats += 1;
      committed.add(call.path);
    }
    if (call.method !== 'GET' || !call.path.startsWith('/products')) return right;
    const data = (right.body.data as { stock: number }[]).map((one) => ({ ...one, stock: one.stock - repeats }));
    return { ...right, body: { ...right.body, data } };
  };
}
