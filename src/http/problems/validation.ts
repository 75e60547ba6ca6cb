import type { z } from '@hono/zod-openapi';
import type { ValidationTargets } from 'hono';
import { ProblemError, type ProblemDetail } from './problem.ts';

/** Enough to mend any honest request; bounds the answer to a body of a megabyte of faults. */
const MAX_DETAILS = 200;

type Result = { target: keyof ValidationTargets } & ({ success: true } | { success: false; error: z.ZodError });

/** Refuses a request that does not fit its route's schemas, with every fault of that part of it. */
export function refuseInvalid(result: Result): void {
  if (result.success) return;
  const details = result.error.issues.flatMap((issue) => faultsOf(issue, result.target));
  throw refusal(result.target, details);
}

function refusal(target: keyof ValidationTargets, details: readonly ProblemDetail[]): ProblemError {
  const faults = details.length === 1 ? '1 fault' : `${details.length} faults`;
  return new ProblemError('VALIDATION', `${partOf[target]} has ${faults}.`, { details: details.slice(0, MAX_DETAILS) });
}

/** A VALIDATION problem for query parameters that there are none of. */
export function unknownFields(names: readonly string[]): ProblemError {
  const details = names.map((parameter) => ({ parameter, message: 'is not a parameter of this request' }));
  return refusal('query', details);
}

/** A VALIDATION problem for faults in the body that only became known after its form was checked. */
export function invalidBody(details: readonly ProblemDetail[]): ProblemError {
  const [only] = details;
  const detail = details.length === 1 && only ? `${String(only['pointer'])}: ${String(only['message'])}` : undefined;
  return new ProblemError('VALIDATION', detail ?? `The body has ${details.length} faults.`, { details });
}

const partOf: Record<keyof ValidationTargets, string> = {
  json: 'The body',
  form: 'The body',
  query: 'The query',
  param: 'The path',
  header: 'The header',
  cookie: 'The cookie',
};

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue, target: keyof ValidationTargets): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys') {
    const message = target === 'json' ? 'is not a field of this request' : 'is not a parameter of this request';
    return issue.keys.map((key) => ({ ...placeOf([...issue.path, key], target), message }));
  }
  return [{ ...placeOf(issue.path, target), message: messageOf(issue) }];
}

function placeOf(path: readonly PropertyKey[], target: keyof ValidationTargets): ProblemDetail {
  if (target === 'json' || target === 'form') return { pointer: path.map(pointerPart).join('') };
  const name = String(path[0] ?? '');
  return target === 'header' ? { header: name } : { parameter: name };
}

function pointerPart(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function messageOf(issue: Issue): string {
  const { code, message } = issue;
  if (code === 'too_small' && message.startsWith('Too small'))
    return `must ${limits[issue.origin] ?? 'be'} at least ${issue.minimum}`;
  if (code === 'too_big' && message.startsWith('Too big'))
    return `must ${limits[issue.origin] ?? 'be'} at most ${issue.maximum}`;
  if (code === 'invalid_value' && message.startsWith('Invalid')) return `must be one of ${issue.values.join(', ')}`;
  if (code !== 'invalid_type' || !message.startsWith('Invalid input')) return message;
  if (message.endsWith('received undefined')) return 'is required';
  return message.replace(/^Invalid input: expected/, 'must be of type').replace(/, received.*/, '');
}

/** What a limit is of, by what is limited. */
const limits: Readonly<Record<string, string>> = {
  string: 'have a length of',
  array: 'have a number of entries of',
};
