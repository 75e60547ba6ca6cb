import { hasRole, staff, type Caller } from '../domain/caller.ts';

/**
 * Whether a caller's action is recorded: every one of staff, and of a service what it does to one order or import afterwards; placing is its own
 * business.
 */
export function isAuditedAction(caller: Caller, { toOne }: { readonly toOne: boolean }): boolean {
  return hasRole(caller, staff) || (toOne && hasRole(caller, ['service']));
}

/** Whether a caller's read of orders or imports is recorded: staff reads what belongs to somebody else; a list of their own orders does not count. */
export function isAuditedRead(caller: Caller, { ofCustomer }: { readonly ofCustomer: string | undefined }): boolean {
  return hasRole(caller, staff) && ofCustomer !== caller.subject;
}
