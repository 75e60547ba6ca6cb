/** Every workflow of the worker, by the name under which it is started. */
export { createOrder as CreateOrder } from './create-order.ts';
export { reconcileOrders as ReconcileOrders } from './reconcile-orders.ts';
