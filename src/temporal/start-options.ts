import type { WorkflowStartOptions } from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import type { ReviewSettings } from '../config/review-settings.ts';
import { orderWorkflowId } from '../domain/order.ts';
import { formatMoney, minorUnits } from '../domain/money.ts';
import type { CreateOrderInput } from '../domain/messages.ts';
import type { PaymentCapture } from '../domain/payment-capture.ts';
import type { ReviewTerms } from '../domain/order-review.ts';
import {
  customerIdAttribute,
  orderNumberAttribute,
  orderStatusAttribute,
  orderTotalAttribute,
} from '../domain/search-attributes.ts';
import { DecryptionError } from '../key-ring.ts';
import { explainSealedPayment } from '../repositories/payment-method-column.ts';
import type { StartableOrder } from './order-commands.ts';
import { orderPriority } from './order-priority.ts';
import { requestMemo } from './request-id.ts';

type OrderWorkflow = (input: CreateOrderInput) => Promise<unknown>;

/**
 * The options of the start of an order's workflow, which happens once per order id for ever. A dead worker is noticed after `taskTimeoutMs`;
 * a task takes milliseconds, and one with long local activities is prolonged by heartbeats.
 */
export function orderStartOptions(
  order: StartableOrder,
  config: SagaConfig,
  taskTimeoutMs = config.starts.taskTimeoutMs,
): WorkflowStartOptions<OrderWorkflow> {
  const total = `${formatMoney(order.totalMinor, order.currency)} ${order.currency}`;
  return {
    workflowId: orderWorkflowId(order.id),
    taskQueue: config.temporal.taskQueue,
    args: [toInput(order, config)],
    // An order is never started twice, and starting one that runs is no error.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: taskTimeoutMs,
    // An eager start goes to this process's worker whatever its version; with versions, the server must choose.
    requestEagerStart: config.role === 'all' && config.worker.buildId === undefined,
    ...orderPriority(order, config.temporal),
    ...requestMemo(order.requestId),
    staticSummary: `${order.orderNumber}: ${total}, ${order.items.length} line(s)`,
    staticDetails: `Order ${order.orderNumber} of customer \`${order.customerId}\` over **${total}**.`,
    typedSearchAttributes: [
      { key: orderStatusAttribute, value: 'PENDING' },
      { key: orderNumberAttribute, value: order.orderNumber },
      { key: customerIdAttribute, value: order.customerId },
      { key: orderTotalAttribute, value: order.totalMinor },
    ],
  };
}

function toInput(order: StartableOrder, { order: settings }: SagaConfig): CreateOrderInput {
  // Taken for a token, it would be declined.
  const parts = order.paymentParts ?? [];
  const why = explainSealedPayment([order.paymentMethod, ...parts.map(({ paymentMethod }) => paymentMethod)]);
  if (why !== undefined) throw new DecryptionError(`the payment method of order ${order.id}: ${why}`);
  return {
    orderId: order.id,
    customerId: order.customerId,
    currency: order.currency,
    totalMinor: order.totalMinor,
    paymentMethod: order.paymentMethod,
    ...(order.paymentParts && { paymentParts: order.paymentParts }),
    lines: order.items.map(({ sku, quantity }) => ({ sku, quantity })),
    // What waits for a person is held for as long.
    reservationTtlMs: settings.reservationTtlMs + (settings.review?.windowMs ?? 0),
    paymentRetryWindowMs: settings.paymentRetryWindowMs,
    returnWindowMs: settings.returnWindowMs,
    stepPatienceMs: settings.stepPatienceMs,
    answerLookupMs: settings.answerLookupMs,
    amendWindowMs: settings.amendWindowMs,
    ...(settings.review && { review: reviewTerms(settings.review, order.currency) }),
    ...captureOf(order, settings.paymentCapture),
  };
}

/** Several payment methods are captured together, also when the setting has changed since the order was accepted. */
function captureOf({ paymentParts }: StartableOrder, setting: PaymentCapture | undefined) {
  if (!setting) return {};
  return { paymentCapture: paymentParts ? ('confirm' as const) : setting };
}

function reviewTerms(settings: ReviewSettings, currency: string): ReviewTerms {
  const { windowMs, onTimeout, patienceMs, onFailure, maxAmendment } = settings;
  const terms = { windowMs, onTimeout, patienceMs, onFailure };
  if (maxAmendment === undefined) return terms;
  return { ...terms, maxAmendmentMinor: minorUnits(maxAmendment, currency, 'half up') };
}
