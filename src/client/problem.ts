import type { ClientResponse } from 'hono/client';
import type { SuccessStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../http/problems/problem.ts';

export type { Problem, ProblemCode } from '../http/problems/problem.ts';

/** The API refused a request, or could not answer it; `problem.code` is what programs decide by. */
export class OrdersProblemError extends Error {
  override readonly name = 'OrdersProblemError';
  readonly problem: Problem;
  /** Seconds after which the service asks to be tried again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something answered that is not this API: a proxy perhaps, or another server at that address. */
export class StrangeAnswerError extends Error {
  override readonly name = 'StrangeAnswerError';
  readonly status: number;

  constructor(status: number, text: string) {
    super(`answered ${status}, which is none of the API's answers: ${text.slice(0, 200)}`);
    this.status = status;
  }
}

/** What a request that went well brings back: the bodies of the 2xx answers of its route. */
export type Success<Answer> =
  Answer extends ClientResponse<infer Body, infer Status, infer _Format>
    ? Status extends SuccessStatusCode
      ? Body
      : never
    : never;

/** The body of an answer that went well; throws {@link OrdersProblemError} for a problem. */
export async function answerOf<Answer extends Pick<Response, 'status' | 'ok' | 'headers' | 'text'>>(
  pending: Answer | Promise<Answer>,
): Promise<Success<Answer>> {
  const answer = await pending;
  const text = await answer.text();
  const body = parseJson(text);
  if (answer.ok && body !== undefined) return body as Success<Answer>;
  if (!isProblem(body)) throw new StrangeAnswerError(answer.status, text);
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
  throw new OrdersProblemError(body, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

/** Whether `value` is a problem of the API, such as the body of an answer of 400 or more. */
export function isProblem(value: unknown): value is Problem {
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
