import type { z } from '@hono/zod-openapi';
import type { ValidationTargets } from 'hono';
import type { Refusal, RefusalDetail } from '../../domain/refusal.ts';
import { faultsOf, invalidPart, pointerOf } from '../../orders/check-request.ts';

type Target = keyof ValidationTargets;
type Result = { target: Target } & ({ success: true } | { success: false; error: z.ZodError });

/** Refuses a request that does not fit its route's schemas, with every fault of that part of it. */
export function refuseInvalid(result: Result): void {
  if (result.success) return;
  const { error, target } = result;
  const faults =
    target === 'json' || target === 'form'
      ? faultsOf(error, pointerOf)
      : faultsOf(error, (path) => parameterOf(path, target), NOT_A_PARAMETER);
  throw invalidPart(partOf[target], faults);
}

/** The VALIDATION refusal of query parameters that don't exist. */
export function unknownParameters(names: readonly string[]): Refusal {
  const details = names.map((parameter) => ({ parameter, message: NOT_A_PARAMETER }));
  return invalidPart(partOf.query, { count: names.length, details });
}

const NOT_A_PARAMETER = 'is not a parameter of this request';

function parameterOf(path: readonly PropertyKey[], target: Target): RefusalDetail {
  const name = String(path[0] ?? '');
  return target === 'header' ? { header: name } : { parameter: name };
}

const partOf: Record<Target, string> = {
  json: 'The body',
  form: 'The body',
  query: 'The query',
  param: 'The path',
  header: 'The header',
  cookie: 'The cookie',
};
