/** A customer as the customer service knows it. */
export interface Customer {
  readonly id: string;
  readonly active: boolean;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** A customer whom the service may not know yet; null is not known. */
export interface NewCustomer {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** What the API needs of a customer service. Every failure is a `GatewayError`. */
export interface CustomerGateway {
  /** The customer, or `undefined` when unknown. */
  readonly findCustomer: (id: string) => Promise<Customer | undefined>;
  /** Makes an active customer known, unless there is one of that id, who stays as they are. Refused or rejected by a service that takes none. */
  readonly createCustomer: (customer: NewCustomer) => Promise<void>;
}
