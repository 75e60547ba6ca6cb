import type { Operations } from '../../client/client.ts';

/** Everything about an order that the API tells staff. */
export type OrderDetails = Operations['getOrderDetails']['answer'];
