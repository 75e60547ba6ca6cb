import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { isRefusal } from '../src/domain/failures.ts';
import { firstTry } from './activity-options.ts';
import type { Restart } from './restart.ts';

/** A call of an activity with what the Web UI shows of it. */
export interface ActivityCall<Name extends keyof Activities = keyof Activities> {
  readonly name: Name;
  readonly input: Parameters<Activities[Name]>[0];
  readonly summary: string;
  /** How the slow path can be made to begin anew. */
  readonly restart?: Restart;
}

type Result<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;
type Proxy = Record<string, { executeWithOptions: (options: object, input: unknown[]) => Promise<unknown> }>;

const local = proxyLocalActivities<Activities>(firstTry) as unknown as Proxy;
const regular = proxyActivities<Activities>({ startToCloseTimeout: '10s' }) as unknown as Proxy;

/**
 * Fast when well, visible when not: tries once inside the workflow task; unless that succeeds or is refused, goes on as a
 * regular activity of the same name and key, which the Web UI shows pending with its attempts and last error.
 * Throws a refusal as the `ApplicationFailure` that it is, a cancellation unchanged, and an `ActivityFailure` when `options` give up.
 */
export async function runActivity<Name extends keyof Activities>(
  call: ActivityCall<Name>,
  options: ActivityOptions,
  onSlowPath: () => void = () => {},
): Promise<Result<Name>> {
  try {
    return await run(local, call, firstTry);
  } catch (error) {
    if (isCancellation(error) || refusalIn(error)) throw refusalIn(error) ?? error;
  }
  onSlowPath();
  return runRegular(call, options);
}

/** The slow path alone, for a step that is run again by hand. */
export async function runRegular<Name extends keyof Activities>(
  call: ActivityCall<Name>,
  options: ActivityOptions,
): Promise<Result<Name>> {
  const runOnce = async (): Promise<Result<Name>> => {
    try {
      return await run(regular, call, options);
    } catch (error) {
      throw refusalIn(error) ?? error;
    }
  };
  return call.restart ? call.restart.around<Result<Name>>(runOnce) : runOnce();
}

async function run<Name extends keyof Activities>(
  proxy: Proxy,
  { name, input, summary }: ActivityCall<Name>,
  options: object,
): Promise<Result<Name>> {
  const result = await proxy[name]?.executeWithOptions({ ...options, summary }, [input]);
  return result as Result<Name>;
}

/** A regular activity's failure comes wrapped in an `ActivityFailure`, a local activity's as it is. */
function refusalIn(error: unknown): ApplicationFailure | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure && isRefusal(failure.type) ? failure : undefined;
}
