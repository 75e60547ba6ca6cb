/** How an event stands with a sink: DEAD after its last attempt, SKIPPED by an operator. */
export const deliveryStates = ['PENDING', 'DELIVERED', 'DEAD', 'SKIPPED'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

/** What becomes of the later events of an order one of whose events is a dead letter: they wait behind it, or they are delivered. */
export const deadLetterPolicies = ['hold', 'skip'] as const;

export type DeadLetterPolicy = (typeof deadLetterPolicies)[number];
