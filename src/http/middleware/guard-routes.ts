import type { RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { createBodyBudget } from './body-budget.ts';
import { limitTime } from './limit-time.ts';
import { admitJson, inWords, readJson } from './read-body.ts';
import { refuseQuery } from './refuse-query.ts';

/** What bodies may take up in a process at a time: two of the largest batches, or twenty thousand usual orders. */
const MAX_BYTES = 40_000_000;

/** The same for bodies of those who only show by them who they are, so that strangers take no room from users. */
const MAX_BYTES_OF_STRANGERS = 4_000_000;

/** A command is a few lines of text; an address and notes in the longest way to write them take a tenth of this. */
const MAX_COMMAND_BYTES = 64_000;

/** What is larger is taken in pieces by its handler: parsed as one, it would keep everybody else waiting. */
const MAX_READ_BYTES = 1_000_000;

/** What is larger than a command, by operation. */
const maxBytesOf: Readonly<Record<string, number>> = {
  // A thousand lines of an order, or fifty with all the metadata there may be.
  createOrder: 256_000,
  // A thousand lines of 80 bytes.
  returnItems: 128_000,
  changeStatus: 128_000,
  // An event of Stripe's holds a whole object of theirs.
  receiveStripeWebhook: 256_000,
  // A thousand orders of fifty lines each, with room for long addresses.
  createBatch: 20_000_000,
};

interface Bounds {
  /** How long the sender of a body may be silent; see `BODY_TIMEOUT`. */
  readonly silenceMs: number;
  readonly audit: MiddlewareHandler;
}

/**
 * Puts between each route's guard, which answers from the headers alone, and its handler: the body within its limits, the audit, and the refusal
 * of a query where there is none. The time for an answer begins when the body is there. Documents the limit of each body.
 */
export function guardRoutes<Routes extends readonly { readonly route: RouteConfig }[]>(
  routes: Routes,
  { silenceMs, audit }: Bounds,
): Routes {
  const budget = createBodyBudget(MAX_BYTES);
  const budgetOfStrangers = createBodyBudget(MAX_BYTES_OF_STRANGERS);
  for (const { route } of routes) {
    const [guard, ...others] = [route.middleware ?? []].flat();
    const body = route.request?.body;
    const isJson = body?.content['application/json'] !== undefined;
    const maxBytes = maxBytesOf[route.operationId ?? ''] ?? MAX_COMMAND_BYTES;
    const isRead = isJson && maxBytes <= MAX_READ_BYTES;
    const needsToken = route.security?.some((scheme) => 'bearerAuth' in scheme) === true;
    const bounds = { budget: needsToken ? budget : budgetOfStrangers, silenceMs };
    if (isJson) documentLimit(route, maxBytes);
    route.middleware = [
      ...(guard ? [guard] : []),
      ...(isJson ? [admitJson(bounds, maxBytes)] : []),
      ...(isRead ? [readJson({ isRequired: body.required === true })] : []),
      // A large file over a slow line takes its time.
      ...(body && !isRead ? [] : [limitTime()]),
      audit,
      ...others,
      ...(route.request?.query ? [] : [refuseQuery]),
    ];
  }
  return routes;
}

function documentLimit({ responses }: RouteConfig, maxBytes: number): void {
  const tooLarge: unknown = responses[413];
  if (typeof tooLarge !== 'object' || tooLarge === null) return;
  Object.assign(tooLarge, { description: `The body is larger than ${inWords(maxBytes)} (\`VALIDATION\`).` });
}
