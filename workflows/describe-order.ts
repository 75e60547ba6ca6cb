import { describeResolution } from '../src/domain/describe-resolution.ts';
import { resolutions } from '../src/domain/messages.ts';
import { allowedAfter } from '../src/domain/order-status.ts';
import type { SagaAction } from '../src/domain/saga.ts';
import type { OrderState } from './order-state.ts';

/** What the Web UI's current details are made of. */
export interface OrderDescription extends Pick<
  OrderState,
  'status' | 'slowSteps' | 'awaited' | 'parked' | 'isNotificationFailed' | 'dispute' | 'isPaymentOpen' | 'remark'
> {
  /** As people read it. */
  readonly total: string;
}

/** Markdown for an operator: where the order stands, what it waits for, and what the choices do. */
export function describeOrder({
  status,
  total,
  slowSteps,
  awaited,
  parked,
  isNotificationFailed,
  dispute,
  isPaymentOpen,
  remark,
}: OrderDescription): string {
  const next = allowedAfter(status);
  const lines = [`**${status}** · ${total}`, '', next.length > 0 ? `May go to: ${next.join(', ')}.` : 'This is final.'];
  for (const step of slowSteps) {
    lines.push('', describeSlowStep(step, awaited?.step === step ? awaited.since : undefined));
  }
  for (const [step, problem] of parked) lines.push('', ...describeParked(step, problem));
  if (isNotificationFailed) lines.push('', ...failedNotification);
  if (dispute !== undefined) lines.push('', '### Needs attention: the payment is disputed', '', dispute);
  if (isPaymentOpen) lines.push('', ...expiredPayment);
  if (remark) lines.push('', `_${remark}_`);
  return lines.join('\n');
}

function describeSlowStep(step: SagaAction, awaitedSince: string | undefined): string {
  if (awaitedSince === undefined)
    return `\`${step}\` has not succeeded yet and is being tried: see its pending activity.`;
  return (
    `\`${step}\` was accepted by its service, whose answer is awaited since ${awaitedSince}. It goes on when the service ` +
    'sends its message, or when the answer is found by a look-up: see the pending timer.'
  );
}

function describeParked(step: SagaAction, problem: string): string[] {
  if (step === 'reviewOrder') return describeReview(problem);
  return [
    `### Needs attention: \`${step}\``,
    '',
    problem,
    '',
    `Send the update or signal \`resolveStep\` with \`{"step": "${step}", "action": "…", "actor": "you", "reason": "why"}\`:`,
    '',
    ...resolutions.map((action) => `- \`${action}\` ${describeResolution(step, action)}.`),
  ];
}

function describeReview(problem: string): string[] {
  return [
    '### Needs attention: a person has to review the order',
    '',
    problem,
    '',
    'Send the update or signal `reviewOrder` with `{"decision": "…", "actor": "you", "reason": "why"}`:',
    '',
    '- `approve` lets the order go on: it is paid and confirmed.',
    '- `reject` compensates everything done so far and cancels the order. The customer is not told why.',
  ];
}

const expiredPayment = [
  'The goods could not be shipped: what was authorised for them has expired, and a new authorisation was declined.',
  '',
  'Another payment method may be offered with `retryPayment` and `{"payment_method": "…", "actor": "you", "reason": "why"}`; then ship again.',
];

const failedNotification = [
  'The customer could not be notified that the order is confirmed. The order goes on.',
  '',
  'Send `resolveStep` with `{"step": "notifyCustomer", "action": "…", "actor": "you", "reason": "why"}`: ' +
    '`retry` sends it again, `skip` lets it be, `resolve` says that you have told the customer.',
];
