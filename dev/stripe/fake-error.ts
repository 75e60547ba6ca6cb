/** An error as Stripe answers it. */
export class FakeStripeError extends Error {
  override readonly name = 'FakeStripeError';
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, error: { readonly type: string; readonly message: string } & Record<string, unknown>) {
    super(error.message);
    this.status = status;
    this.body = { error };
  }
}

/** A request that is at fault; `param` names the parameter. */
export function invalid(message: string, more: Record<string, unknown> = {}, status = 400): FakeStripeError {
  return new FakeStripeError(status, { type: 'invalid_request_error', message, ...more });
}

/** There is no such object. */
export function missing(what: string, id: string, param = 'id'): FakeStripeError {
  return invalid(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, 404);
}
