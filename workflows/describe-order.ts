import { allowedAfter, type OrderStatus } from '../src/domain/order-status.ts';
import { carriedThrough, isUndo, sagaSteps, type SagaAction } from '../src/domain/saga.ts';

/** What the Web UI's current details are made of. */
export interface OrderDescription {
  readonly status: OrderStatus;
  readonly total: string;
  readonly slowStep: SagaAction | undefined;
  readonly parked: ReadonlyMap<SagaAction, string>;
  readonly remark: string | undefined;
}

/** Markdown for an operator: where the order stands, what it waits for, and what the choices do. */
export function describeOrder({ status, total, slowStep, parked, remark }: OrderDescription): string {
  const next = allowedAfter(status);
  const lines = [`**${status}** · ${total}`, '', next.length > 0 ? `May go to: ${next.join(', ')}.` : 'This is final.'];
  if (slowStep && !parked.has(slowStep)) {
    lines.push('', `\`${slowStep}\` did not succeed at once and is being retried: see its pending activity.`);
  }
  for (const [step, problem] of parked) lines.push('', ...describeParked(step, problem));
  if (remark) lines.push('', `_${remark}_`);
  return lines.join('\n');
}

function describeParked(step: SagaAction, problem: string): string[] {
  const skip =
    isUndo(step) || carriedThrough.includes(step)
      ? 'leaves it undone and goes on; whatever it should have given back stays as it is'
      : Object.hasOwn(sagaSteps, step)
        ? 'gives the order up: everything done so far is undone and the order is cancelled'
        : 'gives this change up: everything done for it so far is undone and the order stays as it was';
  return [
    `### Needs attention: \`${step}\``,
    '',
    problem,
    '',
    `Send the update or signal \`resolveStep\` with \`{"step": "${step}", "action": "…", "actor": "you", "reason": "why"}\`:`,
    '',
    '- `retry` runs it again, with the same key: what it did before is not done twice.',
    `- \`skip\` ${skip}.`,
    '- `resolve` says that you have done it by hand: the saga goes on as if it had succeeded.',
  ];
}
