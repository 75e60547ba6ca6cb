/** The typed client of the orders API, published as `order-saga-client`. */
export {
  createOrdersClient,
  type OrdersClient,
  type OrdersClientOptions,
  type RequestOptions,
} from './create-client.ts';
export type { FollowRequest, OrderEvent } from './follow-order.ts';
export { OrdersProblemError, UnexpectedAnswerError, type ProblemCode } from './problem.ts';
export type { Fetch } from './retrying-fetch.ts';
export type * from './contract.ts';
