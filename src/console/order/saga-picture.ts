import { sagas } from '../../domain/saga.ts';
import type { OrderDetails } from './order-details.ts';

type LedgerStep = OrderDetails['steps'][number];

/** How a step is drawn. */
export type NodeState = 'waiting' | 'running' | 'retrying' | 'done' | 'refused' | 'parked' | 'skipped' | 'interrupted';

/** One step or compensation. */
export interface SagaNode {
  readonly step: string;
  readonly state: NodeState;
  readonly attempts: number;
  readonly error: string | null;
}

/** A step with the compensation that the ledger has of it. */
export interface SagaColumn extends SagaNode {
  readonly compensation?: SagaNode | undefined;
}

/** One of an order's sagas, from its first step to its last. */
export interface SagaPicture {
  readonly saga: string;
  readonly columns: readonly SagaColumn[];
}

/** The sagas of an order: the one that creates it first, with steps that have not begun as long as they may still come. */
export function pictureSagas(steps: OrderDetails['steps']): SagaPicture[] {
  const names = ['create', ...steps.map(({ saga }) => saga)];
  return [...new Set(names)].map((saga) =>
    pictureSaga(
      saga,
      steps.filter((step) => step.saga === saga),
    ),
  );
}

function pictureSaga(saga: string, steps: readonly LedgerStep[]): SagaPicture {
  const undoOf = compensationsOf(saga);
  const done = steps.filter(({ kind }) => kind === 'do');
  const undone = new Map(steps.filter(({ kind }) => kind === 'undo').map((step) => [step.step, step]));
  const isOver = undone.size > 0 || done.some(({ state }) => state === 'REFUSED' || state === 'INTERRUPTED');
  const begun = new Set(done.map(({ step }) => step));
  const columns = done.map((step) => {
    const undo = undone.get(undoOf.get(step.step) ?? '');
    return { ...nodeOf(step), compensation: undo && nodeOf(undo) };
  });
  // Only the saga that creates an order has steps that every order goes through.
  const toCome =
    isOver || saga !== 'create' ? [] : [...undoOf.keys()].filter((step) => !begun.has(step) && isCertain(step, begun));
  return { saga, columns: [...columns, ...toCome.map(waitingNode)] };
}

/** The compensation of each step of a saga, in the steps' order; empty for one that this version doesn't know. */
function compensationsOf(saga: string): ReadonlyMap<string, string | null> {
  const kind = saga.split(':')[0] ?? '';
  const known: Readonly<Record<string, Readonly<Record<string, string | null>>>> = sagas;
  return new Map(Object.entries(Object.hasOwn(known, kind) ? (known[kind] ?? {}) : {}));
}

/** Steps that only some orders go through show once they have begun, and so does the way of paying that an order takes. */
function isCertain(step: string, begun: ReadonlySet<string>): boolean {
  if (step === 'reviewOrder') return false;
  if (step === 'authorizePayment') return false;
  if (step === 'capturePayment') return begun.has('authorizePayment');
  return step !== 'chargePayment' || !begun.has('authorizePayment');
}

function waitingNode(step: string): SagaColumn {
  return { step, state: 'waiting', attempts: 0, error: null };
}

function nodeOf({ step, state, attempts, last_error: error }: LedgerStep): SagaNode {
  return { step, state: state === 'RUNNING' && attempts > 1 ? 'retrying' : nodeStates[state], attempts, error };
}

const nodeStates: Readonly<Record<LedgerStep['state'], NodeState>> = {
  RUNNING: 'running',
  DONE: 'done',
  RESOLVED: 'done',
  REFUSED: 'refused',
  FAILED: 'parked',
  SKIPPED: 'skipped',
  INTERRUPTED: 'interrupted',
};
