/** A customer as the customer service knows it. */
export interface Customer {
  readonly id: string;
  readonly active: boolean;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** What the API needs of a customer service. Every failure is a `GatewayError`. */
export interface CustomerGateway {
  /** The customer, or `undefined` when unknown. */
  readonly findCustomer: (id: string) => Promise<Customer | undefined>;
}
