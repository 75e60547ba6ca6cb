import { ApplicationFailure, type ActivityOptions } from '@temporalio/workflow';
import type { SagaAction } from '../src/domain/saga.ts';
import type { StepReport } from '../src/domain/step-report.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity, runRegularActivity, type ActivityCall, type Output } from './run-activity.ts';

/**
 * Runs a step as {@link runActivity} does, unless `report` has what the attempt at all steps came to: what is done is not done
 * again, a refusal is thrown, an answer that comes later is waited for, and a step that failed goes on as a regular activity. An order
 * shows when it leaves the fast path.
 */
export async function runStep<Name extends SagaAction>(
  order: OrderRun,
  call: ActivityCall<Name>,
  options: ActivityOptions,
  report: StepReport<Output<Name>> | undefined,
): Promise<Output<Name>> {
  const leaveFastPath = () => {
    order.change({ kind: 'leftFastPath', step: call.name });
  };
  if (!report) return runActivity(call, options, leaveFastPath);
  if (report.state === 'DONE') return report.output;
  if (report.state === 'REFUSED') throw toRefusal(report);
  leaveFastPath();
  const retryAfterMs = report.state === 'FAILED' ? report.retryAfterMs : undefined;
  const accepted = report.state === 'AWAITED' ? report : undefined;
  return runRegularActivity(call, options, { accepted, retryAfterMs });
}

function toRefusal({ type, message, details }: Extract<StepReport<unknown>, { state: 'REFUSED' }>): ApplicationFailure {
  return ApplicationFailure.create({ type, message, details: [...details], nonRetryable: true });
}
