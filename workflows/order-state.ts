import type { CreateOrderInput } from '../src/domain/messages.ts';
import { isConfirmationOldNews, type OrderStatus } from '../src/domain/order-status.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { PaymentPart } from '../src/domain/payment-part.ts';
import type { SagaAction } from '../src/domain/saga.ts';

/** What a workflow knows of its order, beside what it was started with. */
export interface OrderState {
  /** As the projection has it. */
  readonly status: OrderStatus;
  readonly totalMinor: number;
  /** How the order is paid, and how any difference is. */
  readonly paymentMethod: string;
  /** In order of use, when the order is paid with several methods; `paymentMethod` is the last one's then. */
  readonly paymentParts: readonly PaymentPart[] | undefined;
  /** What the inventory calls its reservation, and what it was charged when it was placed, in order of use, once this run knows. */
  readonly reservationId: string | undefined;
  readonly charges: readonly PaymentTransactionRecord[];
  /** What payments came to that were refused in part: a cancellation may come before it is on record. */
  readonly refusedPayments: readonly PaymentTransactionRecord[];
  /** Whether a part of the goods has been shipped. */
  readonly isPartlyShipped: boolean;
  /** Whether its goods ran out before it was confirmed, so that it waits for an amendment. */
  readonly isBackordered: boolean;
  /** What amendments gave back to the customer, and parts of payments that were refused, in minor units; it is no refund of the order as it is now. */
  readonly amendedBackMinor: number;
  /** Whether the customer is being notified of something. */
  readonly isNotifying: boolean;
  /** Whether the customer could not be notified, and nobody has dealt with it yet. */
  readonly isNotificationFailed: boolean;
  /** What is to be done about a dispute of the payment that is open. */
  readonly dispute: string | undefined;
  /** Steps that the order waits in off the fast path, the latest one last. */
  readonly slowSteps: readonly SagaAction[];
  /** The step among them whose service has accepted it and answers later, and since when that is awaited. */
  readonly awaited: AwaitedStep | undefined;
  /** Steps that wait for an operator's decision, with what went wrong. */
  readonly parked: ReadonlyMap<SagaAction, string>;
  /** Whether goods could not be shipped since their payment has expired, so that another payment method may be offered. */
  readonly isPaymentOpen: boolean;
  /** What was last worth telling whoever looks at the workflow, such as why a signal was rejected. */
  readonly remark: string | undefined;
}

/** A step whose service has accepted it and answers later; `since` is RFC 3339. */
export interface AwaitedStep {
  readonly step: SagaAction;
  readonly since: string;
}

/** Everything that changes an order's state. */
export type OrderChange =
  | { readonly kind: 'statusRecorded'; readonly status: OrderStatus }
  | { readonly kind: 'leftFastPath'; readonly step: SagaAction }
  | ({ readonly kind: 'answerAwaited' } & AwaitedStep)
  | { readonly kind: 'slowStepEnded'; readonly step: SagaAction }
  | { readonly kind: 'parked'; readonly step: SagaAction; readonly problem: string }
  | { readonly kind: 'unparked'; readonly step: SagaAction; readonly isRetried: boolean }
  | ({ readonly kind: 'paymentMethodOffered' } & Pick<OrderState, 'paymentMethod' | 'paymentParts'>)
  | { readonly kind: 'reserved'; readonly reservationId: string }
  | { readonly kind: 'charged'; readonly charges: readonly PaymentTransactionRecord[] }
  | {
      readonly kind: 'partsGivenBack';
      readonly refundedMinor: number;
      readonly transactions: readonly PaymentTransactionRecord[];
    }
  | { readonly kind: 'backordered' }
  | { readonly kind: 'backorderEnded' }
  | { readonly kind: 'partlyShipped' }
  /** What its difference came to has gone back, unless `givenBackMinor` says how much of it. */
  | { readonly kind: 'amended'; readonly totalMinor: number; readonly givenBackMinor?: number }
  | { readonly kind: 'amendmentCompensated'; readonly refundedMinor: number }
  | { readonly kind: 'notificationStarted' }
  | { readonly kind: 'notificationEnded' }
  | { readonly kind: 'notificationSettled'; readonly isFailed: boolean }
  | { readonly kind: 'paymentOpened'; readonly isOpen: boolean }
  | { readonly kind: 'disputed'; readonly problem: string | undefined }
  | { readonly kind: 'remarked'; readonly remark: string };

/** The state in which a workflow begins; one that resumes an order has it from before anything runs, since a command may come at once. */
export function initialState({ totalMinor, paymentMethod, paymentParts, resume }: CreateOrderInput): OrderState {
  return {
    status: resume?.status ?? 'PENDING',
    totalMinor,
    paymentMethod,
    paymentParts,
    reservationId: undefined,
    charges: [],
    refusedPayments: [],
    isPartlyShipped: resume?.isPartlyShipped ?? false,
    isBackordered: false,
    amendedBackMinor: resume?.amendedBackMinor ?? 0,
    isNotifying: false,
    isNotificationFailed: resume?.isNotificationFailed ?? false,
    dispute: resume?.dispute,
    isPaymentOpen: resume?.isPaymentOpen ?? false,
    slowSteps: [],
    awaited: undefined,
    parked: new Map(),
    remark: undefined,
  };
}

/** The step that an order waits in, as its search attribute names it: the latest that is being retried, or else the latest parked one. */
export function waitingStep({ slowSteps, parked }: Pick<OrderState, 'slowSteps' | 'parked'>): SagaAction | undefined {
  return slowSteps.at(-1) ?? [...parked.keys()].at(-1);
}

/** The state after a change. */
export function changeState(state: OrderState, change: OrderChange): OrderState {
  switch (change.kind) {
    case 'statusRecorded':
      return {
        ...state,
        status: change.status,
        isNotificationFailed: state.isNotificationFailed && !isConfirmationOldNews(change.status),
      };
    case 'leftFastPath':
      return { ...state, slowSteps: [...without(state.slowSteps, change.step), change.step] };
    case 'answerAwaited':
      return { ...state, awaited: { step: change.step, since: change.since } };
    case 'slowStepEnded':
      return endSlowStep(state, change.step);
    case 'parked':
      return {
        ...endSlowStep(state, change.step),
        parked: new Map([...state.parked, [change.step, change.problem]]),
      };
    case 'unparked':
      return unpark(state, change.step, change.isRetried);
    case 'paymentMethodOffered':
      return { ...state, paymentMethod: change.paymentMethod, paymentParts: change.paymentParts };
    case 'reserved':
      return { ...state, reservationId: change.reservationId };
    case 'charged':
      return { ...state, charges: change.charges };
    case 'backordered':
      return { ...state, isBackordered: true };
    case 'backorderEnded':
      return { ...state, isBackordered: false };
    case 'partlyShipped':
      return { ...state, isPartlyShipped: true };
    case 'amended': {
      const { totalMinor } = change;
      const lessMinor = change.givenBackMinor ?? Math.max(state.totalMinor - totalMinor, 0);
      return { ...state, totalMinor, amendedBackMinor: state.amendedBackMinor + lessMinor };
    }
    case 'partsGivenBack':
      return giveBack(state, change.refundedMinor, change.transactions);
    case 'amendmentCompensated':
      return giveBack(state, change.refundedMinor);
    case 'notificationStarted':
      return { ...state, isNotifying: true };
    case 'notificationEnded':
      return { ...endSlowStep(state, 'notifyCustomer'), isNotifying: false };
    case 'notificationSettled':
      return { ...state, isNotificationFailed: change.isFailed && !isConfirmationOldNews(state.status) };
    case 'paymentOpened':
      return { ...state, isPaymentOpen: change.isOpen };
    case 'disputed':
      return { ...state, dispute: change.problem };
    case 'remarked':
      return { ...state, remark: change.remark };
    default:
      return change satisfies never;
  }
}

function unpark(state: OrderState, parkedStep: SagaAction, isRetried: boolean): OrderState {
  if (!state.parked.has(parkedStep)) return state;
  const parked = new Map([...state.parked].filter(([step]) => step !== parkedStep));
  return { ...state, parked, slowSteps: isRetried ? [...state.slowSteps, parkedStep] : state.slowSteps };
}

function giveBack(
  state: OrderState,
  refundedMinor: number,
  transactions: readonly PaymentTransactionRecord[] = [],
): OrderState {
  return {
    ...state,
    amendedBackMinor: state.amendedBackMinor + refundedMinor,
    refusedPayments: [...state.refusedPayments, ...transactions],
  };
}

function endSlowStep(state: OrderState, step: SagaAction): OrderState {
  if (!state.slowSteps.includes(step)) return state;
  const awaited = state.awaited?.step === step ? undefined : state.awaited;
  return { ...state, slowSteps: without(state.slowSteps, step), awaited };
}

function without(steps: readonly SagaAction[], step: SagaAction): SagaAction[] {
  return steps.filter((one) => one !== step);
}
