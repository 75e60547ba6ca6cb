/** Every workflow of the worker, by the name under which it is started. */
export { createOrder as CreateOrder } from './create-order.ts';
export { importOrders as ImportOrders } from './import-orders.ts';
export { reconcileOrders as ReconcileOrders } from './reconcile-orders.ts';
export { reconcilePayments as ReconcilePayments } from './reconcile-payments.ts';
export { resolveSagas as ResolveSagas } from './resolve-sagas.ts';
