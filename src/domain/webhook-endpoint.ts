/** How an endpoint stands: FAILING has not accepted anything since its last failure, DISABLED gets nothing until it is enabled again. */
export const endpointStates = ['ACTIVE', 'FAILING', 'DISABLED'] as const;

export type EndpointState = (typeof endpointStates)[number];

/**
 * Why an endpoint is disabled: somebody did it, the receiver has answered 410 Gone, it failed for too long, or the settings that
 * made it are no longer there.
 */
export const disabledReasons = ['BY_HAND', 'GONE', 'FAILING', 'NOT_CONFIGURED'] as const;

export type DisabledReason = (typeof disabledReasons)[number];

/** A receiver of events; its secrets are no part of it. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Exact types, families such as `order.*`, or `*`. */
  readonly eventTypes: readonly string[];
  readonly description: string | null;
  readonly enabled: boolean;
  /** Whether it is the one that `EVENTS_URL` makes, which the API does not change. */
  readonly isConfigured: boolean;
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
  /** Since when nothing was accepted; null when the last delivery was. */
  readonly failingSince: Date | null;
  readonly lastError: string | null;
  /** Until when messages are signed with the secret before as well; null when there is none. */
  readonly previousSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How an endpoint stands. */
export function endpointState({ enabled, failingSince }: WebhookEndpoint): EndpointState {
  if (!enabled) return 'DISABLED';
  return failingSince === null ? 'ACTIVE' : 'FAILING';
}
