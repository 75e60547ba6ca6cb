import type { Problem } from './contract.ts';
import { retryAfterMs } from './retrying-fetch.ts';

/** What programs decide by when a request was refused. */
export type ProblemCode = Problem['code'];

/** The API refused a request or could not answer it. */
export class OrdersProblemError extends Error {
  override readonly name = 'OrdersProblemError';
  readonly code: ProblemCode;
  /** The HTTP status. */
  readonly status: number;
  /** The whole answer (RFC 9457), with `details` and, once there is an order, its `order_id`. */
  readonly problem: Problem;
  /** Seconds after which the API asks to be tried again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The answer is not one of this API: it may be from a proxy, or from another server at that address. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(status: number, text: string) {
    super(`answered ${status}, which is none of the API's answers: ${text.slice(0, 200)}`);
    this.status = status;
  }
}

/** The JSON of an answer, or its stream when it is a file; throws {@link OrdersProblemError} for a problem. */
export async function readAnswer(answer: Response): Promise<unknown> {
  if (answer.ok && answer.headers.get('content-type')?.startsWith('text/csv') === true) return answer.body;
  const text = await answer.text();
  const body = parseJson(text);
  if (answer.ok && body !== undefined) return body;
  if (answer.ok || !isProblem(body)) throw new UnexpectedAnswerError(answer.status, text);
  const askedMs = retryAfterMs(answer);
  throw new OrdersProblemError(body, askedMs === undefined ? undefined : Math.ceil(askedMs / 1_000));
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, detail, status } = value as Partial<Record<keyof Problem, unknown>>;
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
