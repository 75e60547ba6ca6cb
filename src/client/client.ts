/** The typed client of the API, as `order-saga/client`; it needs nothing but `hono/client` at run time. */
export { createOrdersClient, ordersFetch, type OrdersClient, type OrdersClientOptions } from './orders-client.ts';
export { followOrder, type FollowOptions } from './follow-order.ts';
export { type ServerEvent } from './read-events.ts';
export {
  answerOf,
  isProblem,
  OrdersProblemError,
  StrangeAnswerError,
  type Problem,
  type ProblemCode,
  type Success,
} from './problem.ts';
