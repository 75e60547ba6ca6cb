import { allowedAfter } from '../src/domain/order-status.ts';
import { isCompensation, isRetriable, movedMoney, sagas, type SagaAction } from '../src/domain/saga.ts';
import type { OrderState } from './order-state.ts';

/** What the Web UI's current details are made of. */
export interface OrderDescription extends Pick<
  OrderState,
  'status' | 'slowStep' | 'parked' | 'isNotificationFailed' | 'remark'
> {
  /** As people read it. */
  readonly total: string;
}

/** Markdown for an operator: where the order stands, what it waits for, and what the choices do. */
export function describeOrder({
  status,
  total,
  slowStep,
  parked,
  isNotificationFailed,
  remark,
}: OrderDescription): string {
  const next = allowedAfter(status);
  const lines = [`**${status}** · ${total}`, '', next.length > 0 ? `May go to: ${next.join(', ')}.` : 'This is final.'];
  if (slowStep && !parked.has(slowStep)) {
    lines.push('', `\`${slowStep}\` did not succeed at once and is being retried: see its pending activity.`);
  }
  for (const [step, problem] of parked) lines.push('', ...describeParked(step, problem));
  if (isNotificationFailed) lines.push('', ...failedNotification);
  if (remark) lines.push('', `_${remark}_`);
  return lines.join('\n');
}

function describeParked(step: SagaAction, problem: string): string[] {
  return [
    `### Needs attention: \`${step}\``,
    '',
    problem,
    '',
    `Send the update or signal \`resolveStep\` with \`{"step": "${step}", "action": "…", "actor": "you", "reason": "why"}\`:`,
    '',
    '- `retry` runs it again, with the same key: what it did before is not done twice.',
    `- \`skip\` ${describeSkip(step)}.`,
    `- \`resolve\` ${describeResolve(step)}.`,
  ];
}

function describeSkip(step: SagaAction): string {
  if (isCompensation(step) || isRetriable(step)) {
    return 'leaves it undone and goes on; whatever it should have given back stays as it is';
  }
  return Object.hasOwn(sagas.create, step)
    ? 'gives the order up: everything done so far is compensated and the order is cancelled'
    : 'gives this change up: everything done for it so far is compensated and the order stays as it was';
}

function describeResolve(step: SagaAction): string {
  const moved = movedMoney(step);
  if (!moved) return 'says that you have done it by hand: the saga goes on as if it had succeeded';
  return moved === 'CHARGE'
    ? 'says that you took the money by hand, outside the payment service; add a "reference". A charge there is refunded. ' +
        'If the payment service has the payment, choose `retry`: it is looked up, and not made twice'
    : 'says that you gave the money back by hand, outside the payment service; add a "reference"';
}

const failedNotification = [
  'The customer could not be notified that the order is confirmed. The order goes on.',
  '',
  'Send `resolveStep` with `{"step": "notifyCustomer", "action": "…", "actor": "you", "reason": "why"}`: ' +
    '`retry` sends it again, `skip` lets it be, `resolve` says that you have told the customer.',
];
