/** What a caller may be, from the most to the least powerful. */
export const roles = ['admin', 'operator', 'support', 'service', 'customer'] as const;

export type Role = (typeof roles)[number];

/** Support staff and above: they see every order and act on it by hand, which the audit records. */
export const staff = ['support', 'operator', 'admin'] as const satisfies readonly Role[];

/** Who calls. */
export interface Caller {
  /** Of a customer, the customer id. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** Until when the caller may act, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** For the records: the strongest role and the subject, such as `support:ann`. */
  readonly actor: string;
}

/** Whether the caller has one of the roles. */
export function hasRole(caller: Caller, wanted: readonly Role[]): boolean {
  return caller.roles.some((role) => wanted.includes(role));
}

/** Who orders for others, and at prices of their own. */
export const priceSetters = ['service', 'admin'] as const satisfies readonly Role[];

/** Whose orders a caller may see and act on: those of one customer, those that one service placed, or both. */
export interface OrderScope {
  readonly customerId?: string;
  readonly service?: string;
}

/** The orders that are a caller's own; `undefined` for staff, who see all of them. */
export function scopeOf(caller: Caller): OrderScope | undefined {
  if (hasRole(caller, staff)) return undefined;
  return {
    ...(hasRole(caller, ['customer']) && { customerId: caller.subject }),
    ...(hasRole(caller, ['service']) && { service: caller.subject }),
  };
}

/** Whether an order is in the scope. */
export function isInScope(
  scope: OrderScope | undefined,
  order: { readonly customerId: string; readonly placedByService: string | null },
): boolean {
  if (!scope) return true;
  const { customerId, service } = scope;
  return order.customerId === customerId || (service !== undefined && order.placedByService === service);
}
