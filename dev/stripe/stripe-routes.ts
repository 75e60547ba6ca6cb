import { FakeStripeError, invalid, missing } from './fake-error.ts';
import { objectIn, textIn, textsIn, type FormObject } from './form.ts';
import { testMethods } from './payment-methods.ts';
import type { StripeBooks } from './stripe-books.ts';
import type { BalanceTransaction, Charge, Intent } from './stripe-objects.ts';

/** A request as the routes see it; `form` is the body of a POST and the query of a GET. */
export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  readonly form: FormObject;
}

/** Answers a request to Stripe's API by the books. Throws a `FakeStripeError`. `searchLagMs`: how late the search shows an intent. */
export function answer(books: StripeBooks, { method, path, form }: StripeRequest, searchLagMs: number): unknown {
  const [, version, resource = '', id, action] = path.split('/');
  if (version !== 'v1') throw unknownUrl(method, path);
  const view = (intent: Intent) => expandIntent(books, intent, form);
  const key = `${method} ${resource}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`;
  switch (key) {
    case 'POST payment_intents':
      return view(createIntent(books, form));
    case 'GET payment_intents':
      return page(
        [...books.intents.values()].toReversed().filter(isWithin(form)).map(view),
        form,
        '/v1/payment_intents',
      );
    case 'GET payment_intents/:id':
      return id === 'search' ? search(books, form, searchLagMs) : view(books.intent(id ?? ''));
    case 'POST payment_intents/:id/confirm':
      return view(confirmed(books, books.intent(id ?? ''), textIn(form, 'payment_method')));
    case 'POST payment_intents/:id/capture':
      return view(captured(books, books.intent(id ?? ''), form));
    case 'POST payment_intents/:id/cancel': {
      const intent = books.intent(id ?? '');
      books.cancel(intent, textIn(form, 'cancellation_reason') ?? null);
      return view(intent);
    }
    case 'POST refunds':
      return createRefund(books, form);
    case 'GET refunds':
      return page(newest(books.refunds, form).filter(isOf(form)), form, '/v1/refunds');
    case 'GET refunds/:id':
      return found(books.refunds, 'refund', id);
    case 'GET charges':
      return page(newest(books.charges, form).filter(isOf(form)), form, '/v1/charges');
    case 'GET charges/:id':
      return expandCharge(books, found(books.charges, 'charge', id));
    case 'GET balance_transactions':
      return page(
        [...books.movements.values()]
          .toReversed()
          .filter(isWithin(form))
          .map((one) => ({ ...one, source: sourceOf(books, one) })),
        form,
        '/v1/balance_transactions',
      );
    case 'GET disputes':
      return page(newest(books.disputes, form).filter(isOf(form)), form, '/v1/disputes');
    case 'GET disputes/:id':
      return found(books.disputes, 'dispute', id);
    default:
      throw unknownUrl(method, path);
  }
}

function unknownUrl(method: string, path: string): FakeStripeError {
  return invalid(`Unrecognized request URL (${method}: ${path}).`, {}, 404);
}

function found<T>(objects: ReadonlyMap<string, T>, what: string, id = ''): T {
  const one = objects.get(id);
  if (one === undefined) throw missing(what, id);
  return one;
}

function createIntent(books: StripeBooks, form: FormObject): Intent {
  const amount = Number(textIn(form, 'amount'));
  const currency = textIn(form, 'currency') ?? '';
  if (!Number.isSafeInteger(amount))
    throw invalid('Invalid integer: amount', { code: 'parameter_invalid_integer', param: 'amount' });
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}`, { param: 'currency' });
  if (amount < 50) throw invalid('Amount must be at least €0.50 eur', { code: 'amount_too_small', param: 'amount' });
  const method = textIn(form, 'payment_method') ?? null;
  requireMethod(method);
  const returnUrl = textIn(form, 'return_url') ?? null;
  const isConfirmed = textIn(form, 'confirm') === 'true';
  if (!isConfirmed && returnUrl !== null) {
    throw invalid('`return_url` is only valid with `confirm`.', { code: 'parameter_unknown', param: 'return_url' });
  }
  const intent = books.create({
    amount,
    currency,
    capture_method: readCaptureMethod(textIn(form, 'capture_method')),
    metadata: textsIn(form, 'metadata'),
    payment_method: method,
    return_url: returnUrl,
    request_multicapture:
      textIn(objectIn(objectIn(form, 'payment_method_options'), 'card'), 'request_multicapture') === 'if_available',
  });
  return isConfirmed ? confirmed(books, intent, undefined) : intent;
}

function readCaptureMethod(given = 'automatic'): Intent['capture_method'] {
  if (given === 'automatic' || given === 'manual' || given === 'automatic_async') return given;
  throw invalid('Invalid capture_method', { param: 'capture_method' });
}

function requireMethod(method: string | null): void {
  if (method === null || Object.hasOwn(testMethods, method)) return;
  throw invalid(`No such PaymentMethod: '${method}'`, { code: 'resource_missing', param: 'payment_method' });
}

/** Confirms, and answers a decline as an error that holds the intent. */
function confirmed(books: StripeBooks, intent: Intent, method: string | undefined): Intent {
  if (method !== undefined) {
    requireMethod(method);
    intent.payment_method = method;
  }
  books.confirm(intent);
  const { last_payment_error: error } = intent;
  if (error === null || intent.status !== 'requires_payment_method') return intent;
  throw new FakeStripeError(402, { ...error, payment_intent: structuredClone(intent) });
}

function captured(books: StripeBooks, intent: Intent, form: FormObject): Intent {
  const amount = Number(textIn(form, 'amount_to_capture') ?? intent.amount_capturable);
  books.capture(intent, amount, textIn(form, 'final_capture') !== 'false');
  intent.metadata = { ...intent.metadata, ...textsIn(form, 'metadata') };
  return intent;
}

function createRefund(books: StripeBooks, form: FormObject): unknown {
  const intentId = textIn(form, 'payment_intent');
  const charge = books.charges.get(textIn(form, 'charge') ?? '');
  const intent = books.intent(intentId ?? charge?.payment_intent ?? '');
  const amount = textIn(form, 'amount');
  return books.refund(intent, amount === undefined ? undefined : Number(amount), textsIn(form, 'metadata'));
}

function expandIntent(books: StripeBooks, intent: Intent, form: FormObject): unknown {
  const isExpanded = Object.values(objectIn(form, 'expand')).includes('latest_charge');
  const charge = intent.latest_charge === null ? undefined : books.charges.get(intent.latest_charge);
  return isExpanded && charge ? { ...intent, latest_charge: charge } : intent;
}

/** With what is asked for of it: how it reached the balance, and its refunds, newest first. */
function expandCharge(books: StripeBooks, charge: Charge): unknown {
  const data = [...books.refunds.values()].filter((refund) => refund.charge === charge.id).toReversed();
  const movement = books.movements.get(charge.balance_transaction ?? '') ?? null;
  return { ...charge, balance_transaction: movement, refunds: { object: 'list', data, has_more: false } };
}

function sourceOf(books: StripeBooks, { source }: BalanceTransaction): unknown {
  return books.charges.get(source) ?? books.refunds.get(source);
}

/** What was made within the time that is asked for, newest first. */
function newest<T extends { readonly created: number }>(objects: ReadonlyMap<string, T>, form: FormObject): T[] {
  return [...objects.values()].toReversed().filter(isWithin(form));
}

function isWithin(form: FormObject): (object: { readonly created: number }) => boolean {
  const { gte = '0', gt = '-1', lte = 'Infinity', lt = 'Infinity' } = textsIn(form, 'created');
  return ({ created }) =>
    created >= Number(gte) &&
    created > Number(gt) &&
    created <= Number(lte) &&
    (lt === 'Infinity' || created < Number(lt));
}

function isOf(form: FormObject): (object: { readonly payment_intent?: string; readonly charge?: string }) => boolean {
  const intent = textIn(form, 'payment_intent');
  const charge = textIn(form, 'charge');
  return (object) =>
    (intent === undefined || object.payment_intent === intent) && (charge === undefined || object.charge === charge);
}

/** A page of a list, newest first. */
function page(objects: readonly unknown[], form: FormObject, url: string): unknown {
  const after = textIn(form, 'starting_after');
  const limit = Number(textIn(form, 'limit') ?? '10');
  const start = after === undefined ? 0 : objects.findIndex((object) => idOf(object) === after) + 1;
  return { object: 'list', url, data: objects.slice(start, start + limit), has_more: objects.length > start + limit };
}

function idOf(object: unknown): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, 'id') : undefined;
}

/** Understands `metadata['name']:'value'` and nothing else. */
function search(books: StripeBooks, form: FormObject, lagMs: number): unknown {
  const query = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(textIn(form, 'query') ?? '');
  if (!query) throw invalid('The query is not understood.', { param: 'query' });
  const [, name = '', value = ''] = query;
  const data = [...books.intents.values()].filter(
    ({ id, metadata }) => metadata[name] === value && Date.now() - (books.madeAtMs.get(id) ?? 0) >= lagMs,
  );
  return { object: 'search_result', url: '/v1/payment_intents/search', data, has_more: false, next_page: null };
}
