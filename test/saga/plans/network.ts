import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import { currentAttempt } from './attempts.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Every call that leaves the worker, and to whom. */
export const operations = {
  reserve: 'inventory',
  findReservation: 'inventory',
  commit: 'inventory',
  release: 'inventory',
  findProducts: 'inventory',
  amend: 'inventory',
  restock: 'inventory',
  withdrawRestock: 'inventory',
  charge: 'payment',
  authorize: 'payment',
  capture: 'payment',
  findCapture: 'payment',
  findCharge: 'payment',
  voidOrder: 'payment',
  voidCharge: 'payment',
  refund: 'payment',
  findCustomer: 'customer',
  send: 'notification',
  transition: 'database',
  recordAttempt: 'database',
  recordState: 'database',
  recordParking: 'database',
  recordDecision: 'database',
  recordNotification: 'database',
  findBooks: 'database',
  readStatus: 'database',
  findSettlement: 'database',
  planAmendment: 'database',
  recordAmendment: 'database',
  recordShortage: 'database',
  openReturn: 'database',
  recordRestock: 'database',
  recordReturn: 'database',
  openRefund: 'database',
  recordRefund: 'database',
  recordShipment: 'database',
} as const;

export type Operation = keyof typeof operations;
export type Service = (typeof operations)[Operation];

/**
 * How one call goes wrong. `before`: no effect, and the caller can't tell. `after`: the effect, but no reply. `late`: no reply,
 * and the effect `delayMs` after the call. `unreachable`: no effect, and the caller knows. `refused`: the service says no, as
 * services do. `rejected`: it never will understand. `stalled`: the effect, and the caller goes on only after `delayMs`.
 * `decided later`, `refused later`, `lost later`: the service accepts a charge or reservation, and decides on it `delayMs` later: makes it,
 * refuses it, or forgets that it ever was asked. Other operations are not affected by these.
 */
export const faultKinds = [
  'before',
  'after',
  'late',
  'unreachable',
  'refused',
  'rejected',
  'stalled',
  'decided later',
  'refused later',
  'lost later',
] as const;

/** What becomes of a request that was accepted. */
export type Decision = 'decided later' | 'refused later' | 'lost later';

/** How a service that may answer later accepts a request, and decides on it. */
export interface Acceptance<T> {
  readonly accept: () => T;
  readonly decide: (decision: Decision) => void;
}

/** The longest that a service takes to decide: it is looked up once an hour by then. */
const LATEST_DECISION_MS = 4_000_000;

export interface Fault {
  readonly operation: Operation;
  /** Which call of this operation it befalls, counted from 1. */
  readonly nth: number;
  readonly kind: (typeof faultKinds)[number];
  readonly delayMs: number;
}

/** Until it ends a caller of a service waits this long, as the gateways do. */
const CALL_TIMEOUT_MS = 1_500;

/** A statement whose connection is gone has been executed or given up by the time that the gateways of others wait. */
const latestMs: Partial<Record<Service, number>> = { database: CALL_TIMEOUT_MS };

/** What the stand-ins know of the network. */
export type Calls = Pick<Network, 'call'>;

/** Carries calls to in-memory services in virtual time, with the plan's faults; `latenciesMs` go round and round. */
export class Network {
  readonly #clock: VirtualClock;
  readonly #faults: readonly Fault[];
  readonly #latenciesMs: readonly number[];
  readonly #counts = new Map<Operation, number>();
  /** Until when a service is unreachable. */
  readonly #downUntil = new Map<Service, number>();
  /** Calls that have their effect later. */
  readonly #underWay = new Map<Service, number>();
  #calls = 0;
  #isHealed = false;

  constructor(clock: VirtualClock, faults: readonly Fault[], latenciesMs: readonly number[]) {
    this.#clock = clock;
    this.#faults = faults;
    this.#latenciesMs = latenciesMs;
  }

  /** Makes a service unreachable for a while. */
  takeDown(service: Service, forMs: number): void {
    this.#downUntil.set(service, this.#clock.now() + forMs);
  }

  /** Ends every outage, and every fault that has not struck yet. */
  heal(): void {
    this.#isHealed = true;
    this.#downUntil.clear();
  }

  /** Whether a call to the service has its effect still to come. */
  isUnderWay(service: Service): boolean {
    return (this.#underWay.get(service) ?? 0) > 0;
  }

  /** Calls a service; `effect` is told whether it has to refuse. `acceptance` is given by services that may answer later. */
  call<T>(operation: Operation, effect: (isRefused: boolean) => T, acceptance?: Acceptance<T>): Promise<T> {
    const attempt = currentAttempt();
    const fault = this.#nextFault(operation);
    const service = operations[operation];
    const latencyMs = this.#nextLatencyMs();
    const kind = (this.#downUntil.get(service) ?? 0) > this.#clock.now() ? 'unreachable' : fault?.kind;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const reply = (inMs: number, settle: () => void) =>
      this.#clock.schedule(inMs, () => {
        if (attempt && !attempt.alive) reject(new Error('the process has died'));
        else settle();
      });
    const fail = (inMs: number) => reply(inMs, () => reject(failureOf(service, kind)));
    const run = <Result>(inMs: number, work: () => Result, answer?: (take: () => Result) => void) => {
      this.#count(service, 1);
      this.#clock.schedule(inMs, () => {
        this.#count(service, -1);
        const outcome = attempted(work);
        answer?.(outcome);
      });
    };
    const act = (inMs: number, answer?: (take: () => T) => void) => {
      run(inMs, () => effect(kind === 'refused'), answer);
    };
    if (attempt && !attempt.alive) reply(0, () => {});
    else if (kind === 'before') fail(CALL_TIMEOUT_MS);
    else if (kind === 'unreachable' || kind === 'rejected') fail(latencyMs);
    else if (kind === 'after' || kind === 'late') {
      act(kind === 'late' ? Math.min(fault!.delayMs, latestMs[service] ?? Infinity) : latencyMs);
      fail(CALL_TIMEOUT_MS);
    } else if (acceptance && isDecision(kind)) {
      run(latencyMs, acceptance.accept, (take) => reply(latencyMs, () => settleWith(take, resolve, reject)));
      run(latencyMs + Math.min(fault!.delayMs, LATEST_DECISION_MS), () => acceptance.decide(kind));
    } else {
      const replyInMs = kind === 'stalled' ? fault!.delayMs : latencyMs;
      act(latencyMs, (take) => reply(replyInMs, () => settleWith(take, resolve, reject)));
    }
    return promise;
  }

  #count(service: Service, more: 1 | -1): void {
    this.#underWay.set(service, (this.#underWay.get(service) ?? 0) + more);
  }

  #nextFault(operation: Operation): Fault | undefined {
    const nth = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, nth);
    if (this.#isHealed) return undefined;
    return this.#faults.find((fault) => fault.operation === operation && fault.nth === nth);
  }

  #nextLatencyMs(): number {
    return this.#latenciesMs[(this.#calls += 1) % this.#latenciesMs.length] ?? 0;
  }
}

function isDecision(kind: Fault['kind'] | undefined): kind is Decision {
  return kind === 'decided later' || kind === 'refused later' || kind === 'lost later';
}

function settleWith<T>(take: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(take());
  } catch (error) {
    reject(error);
  }
}

/** What something came to, to be taken later. */
function attempted<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function failureOf(service: Service, kind: Fault['kind'] | undefined): Error {
  if (service === 'database') return new Error('Connection terminated unexpectedly');
  if (kind === 'unreachable') return new GatewayError('unreachable', service, `${service} can't be reached`);
  if (kind === 'rejected') return new GatewayError('rejected', service, `${service} does not understand`);
  return new GatewayError('unknown', service, `${service} did not answer`);
}
