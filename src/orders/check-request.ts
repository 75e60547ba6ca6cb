import type { z } from 'zod';
import { Refusal, type RefusalDetail } from '../domain/refusal.ts';

/** The request, or its part at `pointer`, as its schema reads it. Throws VALIDATION with every fault, each at its `pointer` (RFC 6901). */
export function checkRequest<Schema extends z.ZodType>(
  schema: Schema,
  request: unknown,
  pointer = '',
): z.output<Schema> {
  const checked = schema.safeParse(request);
  if (checked.success) return checked.data;
  throw invalidPart(
    'The body',
    faultsOf(checked.error, (path) => ({ pointer: pointer + pointerOf(path).pointer })),
  );
}

/** Enough to correct any honest request; bounds the answer to a body with a megabyte of faults. */
const MAX_DETAILS = 200;

/** What is wrong with a request: how much, and as much of it as is told. */
export interface Faults {
  readonly count: number;
  readonly details: readonly RefusalDetail[];
}

/** The VALIDATION refusal of a part of a request, such as "The body", that doesn't fit its schema. */
export function invalidPart(part: string, { count, details }: Faults): Refusal {
  return new Refusal('VALIDATION', `${part} has ${count === 1 ? '1 fault' : `${count} faults`}.`, {
    details: details.slice(0, MAX_DETAILS),
  });
}

/** The faults that a schema found, in the API's words; `placeOf` says where a path leads. */
export function faultsOf(
  { issues }: z.core.$ZodError,
  placeOf: (path: readonly PropertyKey[]) => RefusalDetail,
  unknownField = 'is not a field of this request',
): Faults {
  const details: RefusalDetail[] = [];
  let count = 0;
  const add = (path: readonly PropertyKey[], message: () => string) => {
    count += 1;
    if (details.length < MAX_DETAILS) details.push({ ...placeOf(path), message: message() });
  };
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') add(issue.path, () => messageOf(issue));
    else for (const key of issue.keys) add([...issue.path, key], () => unknownField);
  }
  return { count, details };
}

/** Where a path leads in a JSON document, as a `pointer`. */
export function pointerOf(path: readonly PropertyKey[]): { readonly pointer: string } {
  return { pointer: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') };
}

function messageOf(issue: z.core.$ZodIssue): string {
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
