import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  workflowInfo,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { isRefusal, retryAfterOf } from '../src/domain/failures.ts';
import { isJsonObject } from '../src/domain/read-message.ts';
import type { SagaProgress } from '../src/domain/saga.ts';
import { onFastPath } from './activity-options.ts';
import { acceptedBy, type Accepted, type AwaitedAnswer } from './awaited-answer.ts';

/** An activity that takes one input. */
export type ActivityName = Exclude<keyof Activities, 'reconcileOrders'>;

/** What an activity returns. */
export type Output<Name extends ActivityName> = Awaited<ReturnType<Activities[Name]>>;

/** A call of an activity, and what the Web UI shows of it. */
export interface ActivityCall<Name extends ActivityName = ActivityName> {
  readonly name: Name;
  readonly input: Parameters<Activities[Name]>[0];
  readonly summary: string;
  /** By which the answer of its service is waited for, and asked for at once. */
  readonly answer?: AwaitedAnswer;
  /** Since when that answer is awaited, RFC 3339. */
  readonly awaitedSince?: string | undefined;
  /** What it moves, should an operator move it by hand; `undefined` when there is nothing to move. */
  readonly money?: () => MovedMoney | undefined;
  /** How far its saga has come, for the ledger. */
  readonly progress?: SagaProgress;
}

/** A charge or refund, by its key; the amount in minor units, everything that the order was paid unless given. */
export interface MovedMoney {
  readonly kind: 'CHARGE' | 'REFUND';
  readonly key: string;
  readonly amountMinor?: number;
}

type Callable<Options> = {
  readonly [Name in ActivityName]: {
    readonly executeWithOptions: (options: Options, args: [ActivityCall<Name>['input']]) => Promise<Output<Name>>;
  };
};

const local: Callable<LocalActivityOptions> = proxyLocalActivities<Activities>(onFastPath);
const regular: Callable<ActivityOptions> = proxyActivities<Activities>({ startToCloseTimeout: '10s' });

/**
 * Makes one attempt inside the workflow task. Throws whatever it fails with, and a cancellation once the attempt has ended: it takes
 * seconds at most. A local activity that is cancelled while its workflow task is being replayed, as after the worker's death, leaves
 * no marker in the history, which then never replays.
 */
export async function tryActivity<Name extends ActivityName>(
  call: ActivityCall<Name>,
  options: LocalActivityOptions,
): Promise<Output<Name>> {
  const scope = CancellationScope.current();
  const input = isRepeated() ? { ...inputOf(call), isRepeated: true } : inputOf(call);
  const attempt = () => local[call.name].executeWithOptions({ ...options, summary: call.summary }, [input]);
  if (scope.consideredCancelled) return scope.cancelRequested;
  try {
    return await CancellationScope.nonCancellable(attempt);
  } finally {
    if (scope.consideredCancelled) await scope.cancelRequested;
  }
}

/**
 * Fast when all is well, visible when not: one attempt inside the workflow task; unless that succeeds or is refused, goes on as a
 * regular activity with the same name and key, which the Web UI shows pending with its attempts and last error.
 * Throws a refusal as the `ApplicationFailure` that it is, a cancellation unchanged, and an `ActivityFailure` when `options` give up.
 */
export async function runActivity<Name extends ActivityName>(
  call: ActivityCall<Name>,
  options: ActivityOptions,
  onSlowPath: () => void = () => {},
): Promise<Output<Name>> {
  let failed: { accepted: Accepted | undefined; retryAfterMs: number };
  try {
    return await tryActivity(call, onFastPath);
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal || isCancellation(error)) throw refusal ?? error;
    failed = { accepted: acceptedBy(error), retryAfterMs: retryAfterIn(error) };
  }
  onSlowPath();
  return runRegularActivity(call, options, failed);
}

/**
 * The same without the fast path. The workflow task is complete before the activity runs: everything that has led to it is in the
 * history then, and can't be forgotten with a lost task. `accepted`: the service has accepted the request and answers later. `retryAfterMs`: how long it asked to be left
 * alone, which is waited for.
 */
export async function runRegularActivity<Name extends ActivityName>(
  call: ActivityCall<Name>,
  options: ActivityOptions,
  {
    accepted,
    retryAfterMs = 0,
  }: { readonly accepted?: Accepted | undefined; readonly retryAfterMs?: number | undefined } = {},
): Promise<Output<Name>> {
  if (retryAfterMs > 0) await sleep(retryAfterMs, { summary: `${call.summary}: the service asked to wait` });
  if (!call.answer) return runOnce(call, options);
  return call.answer.run((awaitedSince) => runOnce({ ...call, awaitedSince }, options), accepted);
}

async function runOnce<Name extends ActivityName>(
  call: ActivityCall<Name>,
  options: ActivityOptions,
): Promise<Output<Name>> {
  const { name, summary } = call;
  for (;;) {
    try {
      const output = await regular[name].executeWithOptions({ ...options, summary }, [inputOf(call)]);
      // Somebody has completed it by hand with something else: it runs again, and its key makes that safe.
      if (isResult(call, output)) return output;
    } catch (error) {
      throw refusalIn(error) ?? error;
    }
  }
}

/** The fields that every result of an activity has. */
type SureField<T> = { [Field in keyof T]-?: undefined extends T[Field] ? never : Field }[keyof T];

/** A field by which each activity's result is told from what somebody may have typed; activities without a result have none. */
const resultFields: { readonly [Name in ActivityName]?: SureField<Output<Name>> } = {
  reserveInventory: 'id',
  reviewOrder: 'verdict',
  reviewAmendment: 'verdict',
  refundPaymentIfCharged: 'byHandMinor',
  refundDifferenceIfCharged: 'byHandMinor',
  refundDifference: 'byHandMinor',
  refundReturn: 'byHandMinor',
  refundAmount: 'byHandMinor',
  confirmOrder: 'status',
  recordStatus: 'status',
  planAmendment: 'number',
  recordAmendment: 'status',
  recordDecision: 'byHandMinor',
  recordShipment: 'isLast',
  renewPayment: 'status',
  openReturn: 'lines',
  recordRestock: 'status',
  recordReturn: 'status',
  openRefund: 'number',
  recordRefund: 'status',
};

/** The activities that make a payment. */
const payments: readonly ActivityName[] = ['chargePayment', 'authorizePayment', 'capturePayment', 'chargeDifference'];

function isResult({ name, input }: ActivityCall, output: unknown): boolean {
  if (payments.includes(name)) return isPaymentMade(output, 'parts' in input);
  const field = resultFields[name];
  return field === undefined || (isJsonObject(output) && Object.hasOwn(output, field));
}

/** A payment of several parts has an id for each, unless it was made by hand. */
function isPaymentMade(output: unknown, isInParts: boolean): boolean {
  if (!isJsonObject(output)) return false;
  if (output['isByHand'] === true) return true;
  return typeof output['paymentId'] === 'string' && (!isInParts || Array.isArray(output['partIds']));
}

function inputOf<Name extends ActivityName>({
  input,
  progress,
  awaitedSince,
}: ActivityCall<Name>): ActivityCall<Name>['input'] {
  const withProgress = progress ? { ...input, progress } : input;
  return awaitedSince === undefined ? withProgress : { ...withProgress, awaitedSince };
}

/**
 * Whether this run may repeat what an earlier run has done without having it in its history, as after a reset. A run that was continued as new counts
 * as well: it does not repeat anything, and looks in vain.
 */
function isRepeated(): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return runId !== firstExecutionRunId;
}

/** A regular activity's failure comes wrapped in an `ActivityFailure`, a local activity's as it is. */
function refusalIn(error: unknown): ApplicationFailure | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure && isRefusal(failure.type) ? failure : undefined;
}

function retryAfterIn(error: unknown): number {
  return error instanceof ApplicationFailure ? retryAfterOf(error.details) : 0;
}
