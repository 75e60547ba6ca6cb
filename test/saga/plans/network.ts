import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { Agenda } from './agenda.ts';
import { currentAttempt } from './attempts.ts';

/** Every call that leaves the worker, and to whom. */
export const operations = {
  reserve: 'inventory',
  commit: 'inventory',
  release: 'inventory',
  findProducts: 'inventory',
  amend: 'inventory',
  restock: 'inventory',
  withdrawRestock: 'inventory',
  charge: 'payment',
  findCharge: 'payment',
  voidOrder: 'payment',
  voidCharge: 'payment',
  refund: 'payment',
  send: 'notification',
  transition: 'database',
  recordAttempt: 'database',
  recordState: 'database',
  readStatus: 'database',
  findSettlement: 'database',
  planAmendment: 'database',
  recordAmendment: 'database',
  recordShortage: 'database',
  openReturn: 'database',
  recordRestock: 'database',
  recordReturn: 'database',
  recordShipment: 'database',
} as const;

export type Operation = keyof typeof operations;
export type Service = (typeof operations)[Operation];

/**
 * How one call goes wrong. `before`: no effect, and the caller can't tell. `after`: the effect, but no reply. `late`: no reply,
 * and the effect `delayMs` after the call. `unreachable`: no effect, and the caller knows. `refused`: the service says no, as
 * services do. `rejected`: it never will understand. `stalled`: the effect, and the caller goes on only after `delayMs`.
 */
export const faultKinds = ['before', 'after', 'late', 'unreachable', 'refused', 'rejected', 'stalled'] as const;

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

export interface Network {
  /** Calls a service; `effect` is told whether it has to refuse. */
  readonly call: <T>(operation: Operation, effect: (refuse: boolean) => T) => Promise<T>;
  /** What is done by hand goes through at once. */
  readonly down: Map<Service, number>;
  /** Ends every fault that has not struck yet. */
  readonly heal: () => void;
}

/** Carries calls to in-memory services in virtual time, with the plan's faults; `latenciesMs` go round and round. */
export function createNetwork(agenda: Agenda, faults: readonly Fault[], latenciesMs: readonly number[]): Network {
  const counts = new Map<Operation, number>();
  const down = new Map<Service, number>();
  let calls = 0;
  let healed = false;
  return {
    down,
    heal: () => {
      healed = true;
      down.clear();
    },
    call: <T>(operation: Operation, effect: (refuse: boolean) => T) => {
      const attempt = currentAttempt();
      const nth = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, nth);
      const latencyMs = latenciesMs[(calls += 1) % latenciesMs.length] ?? 0;
      const service = operations[operation];
      const isDown = (down.get(service) ?? 0) > agenda.now();
      const fault = healed ? undefined : faults.find((one) => one.operation === operation && one.nth === nth);
      const kind = isDown ? 'unreachable' : fault?.kind;
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const reply = (inMs: number, settle: () => void) =>
        agenda.add(inMs, () => (attempt && !attempt.alive ? reject(new Error('the process has died')) : settle()));
      const fail = (inMs: number) => reply(inMs, () => reject(failureOf(service, kind)));
      const act = (inMs: number, answer?: (take: () => T) => void) =>
        agenda.add(inMs, () => {
          const outcome = attempted(() => effect(kind === 'refused'));
          answer?.(outcome);
        });
      if (attempt && !attempt.alive) reply(0, () => {});
      else if (kind === 'before') fail(CALL_TIMEOUT_MS);
      else if (kind === 'unreachable' || kind === 'rejected') fail(latencyMs);
      else if (kind === 'after' || kind === 'late') {
        act(kind === 'late' ? Math.min(fault!.delayMs, latestMs[service] ?? Infinity) : latencyMs);
        fail(CALL_TIMEOUT_MS);
      } else {
        act(latencyMs, (take) =>
          reply(kind === 'stalled' ? fault!.delayMs : latencyMs, () => {
            try {
              resolve(take());
            } catch (error) {
              reject(error);
            }
          }),
        );
      }
      return promise;
    },
  };
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
