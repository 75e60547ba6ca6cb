/** What a caller may be, from the most to the least powerful. */
export const roles = ['admin', 'operator', 'support', 'service', 'customer'] as const;

export type Role = (typeof roles)[number];

/** Support staff and above: they see every order and act on it by hand. */
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
