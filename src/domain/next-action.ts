/** What a customer has to do before a charge can go on: at an address, or in the shop's page by the provider's script. */
export type NextAction =
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'use_sdk'; readonly client_secret: string };

/** What a customer has to do before a payment goes on, and until when. */
export interface PaymentAction {
  readonly nextAction: NextAction;
  readonly until: Date;
}
