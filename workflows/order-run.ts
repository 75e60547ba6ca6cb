import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import type { CommandResult, CreateOrderInput, OrderCommand } from '../src/domain/messages.ts';
import { formatMoney } from '../src/domain/money.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import type { PaymentRequest } from '../src/domain/payment-part.ts';
import {
  needsAttentionAttribute,
  orderStatusAttribute,
  orderTotalAttribute,
  sagaStepAttribute,
} from '../src/domain/search-attributes.ts';
import { Background } from './background.ts';
import { CommandQueue } from './command-queue.ts';
import { describeOrder } from './describe-order.ts';
import { HeadStart } from './head-start.ts';
import { Interruptible } from './interruptible.ts';
import { OpenRequest, type RequestUnderWay } from './open-request.ts';
import type { AwaitedAnswer } from './awaited-answer.ts';
import type { StepLedger } from './step-ledger.ts';
import { changeState, initialState, waitingStep, type OrderChange, type OrderState } from './order-state.ts';

/** One run of an order's workflow: its commands, the state of the order, and what the Web UI shows of that. */
export class OrderRun {
  readonly input: CreateOrderInput;
  readonly commands = new CommandQueue<OrderCommand, CommandResult>();
  /** What a cancellation of the order interrupts. */
  readonly interruptible = new Interruptible(() => this.commands.first('cancelOrder') !== undefined);
  readonly headStart = new HeadStart();
  readonly openRequest = new OpenRequest();
  readonly background = new Background();
  /** The payment that was begun last. */
  payment: PaymentRequest | undefined;
  #state: OrderState;
  #ledger: StepLedger | undefined;

  constructor(input: CreateOrderInput) {
    this.input = input;
    this.#state = initialState(input);
    // A workflow is started with the attributes of an order that is PENDING, and needs no attention.
    this.#show({ ...this.#state, status: 'PENDING', dispute: undefined });
  }

  get id(): string {
    return this.input.orderId;
  }

  get state(): OrderState {
    return this.#state;
  }

  get status(): OrderStatus {
    return this.#state.status;
  }

  /** The ledger of the saga that began last, as this run of the workflow knows it. */
  get ledger(): StepLedger | undefined {
    return this.#ledger;
  }

  /** A saga of the order begins, whose ledger people are shown from now on. */
  beginSaga(ledger: StepLedger): void {
    this.#ledger = ledger;
  }

  /** The total as people read it. */
  get total(): string {
    return this.money(this.#state.totalMinor);
  }

  /** An amount of the order's currency as people read it. */
  money(minor: number): string {
    return `${formatMoney(minor, this.input.currency)} ${this.input.currency}`;
  }

  /** Makes a request that its service may answer later; it is open until `run` has ended. */
  requesting<T>(
    request: Pick<RequestUnderWay, 'step' | 'key'>,
    run: (answer: AwaitedAnswer) => Promise<T>,
  ): Promise<T> {
    const { step } = request;
    const terms = {
      summary: `${step} is answered later by its service, and looked up then`,
      lookupMs: this.input.answerLookupMs,
      onWait: (since: string) => {
        this.change({ kind: 'answerAwaited', step, since });
      },
    };
    return this.openRequest.during(request, terms, run);
  }

  /** Changes the order's state, and its search attributes and details with it. */
  change(change: OrderChange): void {
    const before = this.#state;
    this.#state = changeState(before, change);
    if (this.#state !== before) this.#show(before);
  }

  #show(before: OrderState): void {
    const attributes = changedAttributes(before, this.#state);
    if (attributes.length > 0) upsertSearchAttributes(attributes);
    setCurrentDetails(describeOrder({ ...this.#state, total: this.total }));
  }
}

/** The search attributes in which two states differ; each upsert is an event of the history. */
function changedAttributes(before: OrderState, after: OrderState): SearchAttributeUpdatePair[] {
  const changed: SearchAttributeUpdatePair[] = [];
  if (after.status !== before.status) changed.push({ key: orderStatusAttribute, value: after.status });
  if (after.totalMinor !== before.totalMinor) changed.push({ key: orderTotalAttribute, value: after.totalMinor });
  const step = waitingStep(after);
  if (step !== waitingStep(before)) changed.push({ key: sagaStepAttribute, value: step ?? null });
  const needsAttention = waitsForPeople(after);
  if (needsAttention !== waitsForPeople(before)) changed.push({ key: needsAttentionAttribute, value: needsAttention });
  return changed;
}

function waitsForPeople({ parked, dispute }: OrderState): boolean {
  return parked.size > 0 || dispute !== undefined;
}
