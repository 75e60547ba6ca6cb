import type { OrdersClient } from '../client/client.ts';
import type { Role } from '../domain/caller.ts';
import { hasRole } from '../domain/caller.ts';
import type { SignedIn } from './sign-in/session.ts';
import { formatAmount } from './ui/money.ts';

/** What every page is shown with. */
export interface View {
  readonly signedIn: SignedIn;
  /** The API, called with the roles of the person who is signed in. */
  readonly client: OrdersClient;
  /** The same, for parts of what `client` has read: only that is put on record. */
  readonly parts: OrdersClient;
  readonly locale: string;
  /** Where Temporal's Web UI shows an order's run, if it is known where that is. */
  readonly runUrl: (orderId: string) => string | undefined;
  /** What the last action came to, told once. */
  readonly told?: Told | undefined;
}

/** What an action came to. */
export interface Told {
  readonly text: string;
  readonly isRefused: boolean;
  /** The name of the action of the page, if it was one of several. */
  readonly about?: string | undefined;
}

/** An amount for the viewer. */
export function money(view: View, amount: string, currency: string): string {
  return formatAmount(amount, currency, view.locale);
}

/** Whether the viewer has one of the roles. */
export function may(view: View, roles: readonly Role[]): boolean {
  return hasRole(view.signedIn.caller, roles);
}
