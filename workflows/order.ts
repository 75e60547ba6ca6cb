import { setCurrentDetails, upsertSearchAttributes, type CancellationScope } from '@temporalio/workflow';
import type { CreateOrderInput } from '../src/domain/messages.ts';
import { formatMoney } from '../src/domain/money.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import type { SagaAction } from '../src/domain/saga.ts';
import {
  needsAttentionAttribute,
  orderStatusAttribute,
  orderTotalAttribute,
  sagaStepAttribute,
} from '../src/domain/search-attributes.ts';
import { describeOrder } from './describe-order.ts';
import { Inbox } from './inbox.ts';
import type { Restart } from './restart.ts';

/** A charge under way, and how to look at it again at once. */
export interface OpenCharge {
  readonly step: 'chargePayment' | 'chargeDifference';
  readonly idempotencyKey: string;
  readonly restart: Restart;
}

/** What an order's workflow knows, and what it shows of it in the Web UI. */
export class Order {
  readonly input: CreateOrderInput;
  readonly inbox = new Inbox();
  /** How the order is paid, and how any difference is. */
  paymentMethod: string;
  /** Whether the customer is still being told of something. */
  isNotifying = false;
  /** Whether a part of the goods has left. */
  isPartlyShipped = false;
  /** Whether its goods ran out before it was confirmed, so that it waits for an amendment. */
  isShort = false;
  /** What the customer got back by amendments, in minor units; it is no refund of the order as it is now. */
  amendedBackMinor = 0;
  #totalMinor: number;
  /** Steps that wait for an operator's decision, with what went wrong. */
  readonly parked = new Map<SagaAction, string>();
  /** The scope of what cancelling the order interrupts; none once the saga is through. */
  interruptible: CancellationScope | undefined;
  /** The charge whose outcome is awaited; none before the first and after it is known. */
  charge: OpenCharge | undefined;
  #status: OrderStatus;
  #slowStep: SagaAction | undefined;
  #remark: string | undefined;

  constructor(input: CreateOrderInput) {
    this.input = input;
    this.#totalMinor = input.totalMinor;
    this.paymentMethod = input.paymentMethod;
    // Before anything runs: a command may come with the first task.
    this.#status = input.takeUp?.status ?? 'PENDING';
    this.isPartlyShipped = input.takeUp?.isPartlyShipped ?? false;
    this.amendedBackMinor = input.takeUp?.amendedBackMinor ?? 0;
    this.#describe();
  }

  get id(): string {
    return this.input.orderId;
  }

  get totalMinor(): number {
    return this.#totalMinor;
  }

  /** The total as people read it. */
  get total(): string {
    return this.money(this.#totalMinor);
  }

  /** An amount of the order's currency as people read it. */
  money(minor: number): string {
    return `${formatMoney(minor, this.input.currency)} ${this.input.currency}`;
  }

  get status(): OrderStatus {
    return this.#status;
  }

  /** Shows the status that the order has been taken up in; every run begins as PENDING to the outside. */
  showStatus(): void {
    if (this.#status === 'PENDING') return;
    upsertSearchAttributes([{ key: orderStatusAttribute, value: this.#status }]);
  }

  /** Takes over the status that the projection has confirmed; leaving a slow step behind is part of it. */
  moveTo(status: OrderStatus): void {
    if (status === this.#status && this.#slowStep === undefined) return;
    this.#status = status;
    upsertSearchAttributes([
      { key: orderStatusAttribute, value: status },
      ...(this.#slowStep === undefined ? [] : [{ key: sagaStepAttribute, value: null }]),
    ]);
    this.#slowStep = undefined;
    this.#describe();
  }

  /** Takes over what an amendment has made of the order. */
  amended(totalMinor: number): void {
    if (totalMinor < this.#totalMinor) this.amendedBackMinor += this.#totalMinor - totalMinor;
    this.#totalMinor = totalMinor;
    upsertSearchAttributes([{ key: orderTotalAttribute, value: totalMinor }]);
    this.#describe();
  }

  /** Makes a step that left its fast path findable. */
  waitsIn(step: SagaAction): void {
    this.#slowStep = step;
    upsertSearchAttributes([{ key: sagaStepAttribute, value: step }]);
    this.#describe();
  }

  /** A step that does not end in a status has left its slow path. */
  leaves(step: SagaAction): void {
    if (this.#slowStep !== step) return;
    this.#slowStep = undefined;
    upsertSearchAttributes([{ key: sagaStepAttribute, value: null }]);
    this.#describe();
  }

  /** Makes a parked step findable and says what the choices are. */
  park(step: SagaAction, problem: string): void {
    this.parked.set(step, problem);
    this.#slowStep = step;
    upsertSearchAttributes([
      { key: needsAttentionAttribute, value: true },
      { key: sagaStepAttribute, value: step },
    ]);
    this.#describe();
  }

  /** A parked step goes on. */
  unpark(step: SagaAction): void {
    if (!this.parked.delete(step)) return;
    if (this.parked.size === 0) upsertSearchAttributes([{ key: needsAttentionAttribute, value: false }]);
    this.#describe();
  }

  /** Says something to whoever looks at the workflow next, such as why a signal was not followed. */
  remark(text: string): void {
    this.#remark = text;
    this.#describe();
  }

  #describe(): void {
    setCurrentDetails(
      describeOrder({
        status: this.#status,
        total: this.total,
        slowStep: this.#slowStep,
        parked: this.parked,
        remark: this.#remark,
      }),
    );
  }
}
