import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** How bad a broken promise is: `critical` costs money or goods, `major` leaves orders waiting for a person, `minor` is untidy. */
export type Severity = 'critical' | 'major' | 'minor';

/** A promise of a service's protocol, and how it is tried. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** What a service that keeps it does. */
  readonly expected: string;
  /** What could happen otherwise. */
  readonly matters: string;
  /** Rejects with {@link BrokenPromise} when the service does something else, and with {@link NotTried} when that can't be seen. */
  readonly run: (service: Service) => Promise<void>;
}

/** A service did something else than expected; the message says what. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** A check could not be made; the message says why. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

/** One call of the service. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
  /** Leaves out the credentials. */
  readonly isAnonymous?: boolean;
  /** Closes the connection after so long, as a caller who dies does. */
  readonly cutAfterMs?: number;
}

/** What the service answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly tookMs: number;
}

/** The service that is tried. */
export interface Service {
  /** Rejects with {@link BrokenPromise} when there is no answer in time. One that is turned away (429, 503) is made again. */
  readonly send: (call: Call) => Promise<Answer>;
  /** Makes a call whose answer nobody hears. */
  readonly sendAndLeave: (call: Call) => Promise<void>;
  readonly hasCredentials: boolean;
}

/** The beginning of every order id that a check uses. */
export const CHECK_MARK = 'c4ec0000-';

/** A new order's id, a UUID that begins with {@link CHECK_MARK}. */
export function newOrder(): string {
  return CHECK_MARK + randomUUID().slice(CHECK_MARK.length);
}

/** Fails unless the condition holds; `came` says what came instead. */
export function demand(condition: boolean, came: string): asserts condition {
  if (!condition) throw new BrokenPromise(came);
}

/** Fails unless the answer has one of these statuses; `what` names the call. */
export function requireStatus(answer: Answer, allowed: readonly number[], what: string): void {
  demand(allowed.includes(answer.status), `${what} was answered ${describe(answer)}`);
}

/** Fails unless the answer is a refusal with this status and code. */
export function requireRefusal(answer: Answer, status: number, code: string, what: string): void {
  demand(
    answer.status === status && codeOf(answer) === code,
    `${what} was answered ${describe(answer)} instead of ${status} ${code}`,
  );
}

/** The answers of a service that has no such operation. */
const NOT_OFFERED: readonly number[] = [404, 405, 501];

/** Fails unless the answer says that what was to be created is there already; {@link NotTried} when the service creates nothing. */
export function requireOfferedOrThere(answer: Answer, what: string): void {
  if (NOT_OFFERED.includes(answer.status)) {
    throw new NotTried(`it is not offered: a creation was answered ${describe(answer)}`);
  }
  demand(answer.status === 409, `the creation of ${what} was answered ${describe(answer)}`);
}

const refusal = z.looseObject({ code: z.string().min(1) });

/** The code of a refusal, if it has one. */
export function codeOf({ body }: Answer): string | undefined {
  return refusal.safeParse(body).data?.code;
}

/** The body in the form of a schema; fails with what is wrong with it. */
export function read<T>(answer: Answer, schema: z.ZodType<T>, what: string): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ');
  throw new BrokenPromise(`${what} was answered ${answer.status} with a body that is not as documented: ${faults}`);
}

/** The body of a success, in the form that the product reads; fails with what came instead. */
export function requireAnswer<T>(answer: Answer, allowed: readonly number[], schema: z.ZodType<T>, what: string): T {
  requireStatus(answer, allowed, what);
  return read(answer, schema, what);
}

/** A short form of an answer for people. */
export function describe(answer: Answer): string {
  const text = answer.body === undefined ? 'without a body' : JSON.stringify(answer.body).slice(0, 200);
  return `${answer.status} ${text}`;
}

/** Makes many calls at the same moment. */
export function together<T>(count: number, call: (nth: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index + 1)));
}
