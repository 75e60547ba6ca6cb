import type { Api } from '../api.ts';
import { exportAuditRoute } from './audit/export-audit.ts';
import { listAuditRoute } from './audit/list-audit.ts';
import { getCouponRoute } from './coupons/get-coupon.ts';
import { listCouponsRoute } from './coupons/list-coupons.ts';
import { putCouponRoute } from './coupons/put-coupon.ts';
import { decideDeadEventsRoutes } from './inbox/decide-dead-events.ts';
import { listInboxRoute } from './inbox/list-inbox.ts';
import { acknowledgeImportRoute } from './imports/acknowledge-import.ts';
import { cancelImportRoute, pauseImportRoute, resumeImportRoute } from './imports/command-import.ts';
import { createBatchRoute } from './imports/create-batch.ts';
import { createImportRoute } from './imports/create-import.ts';
import { getImportRoute, getImportErrorsRoute } from './imports/get-import.ts';
import { listImportsRoute } from './imports/list-imports.ts';
import { decideNotificationsRoutes } from './notifications/decide-notifications.ts';
import { listNotificationsRoute } from './notifications/list-notifications.ts';
import { listOrderNotificationsRoute } from './notifications/list-order-notifications.ts';
import { notifyCustomerRoute } from './notifications/notify-customer.ts';
import { addItemRoute, changeItemRoute, removeItemRoute } from './orders/amend-items.ts';
import { cancelOrderRoute, deleteOrderRoute } from './orders/cancel-order.ts';
import { changeStatusRoute } from './orders/change-status.ts';
import { correctShipmentRoute } from './orders/correct-shipment.ts';
import { createOrderRoute } from './orders/create-order.ts';
import { editOrderRoute, replaceOrderRoute } from './orders/edit-order.ts';
import { exportOrdersRoute } from './orders/export-orders.ts';
import { getOrderStatusRoute } from './orders/get-order-status.ts';
import { getOrderDetailsRoute } from './orders/get-order-details.ts';
import { getOrderRoute } from './orders/get-order.ts';
import { listOrderHistoryRoute } from './orders/list-order-history.ts';
import { listOrderItemsRoute } from './orders/list-order-items.ts';
import { listOrderPaymentsRoute } from './orders/list-order-payments.ts';
import { listOrderReturnsRoute } from './orders/list-order-returns.ts';
import { listOrderShipmentsRoute } from './orders/list-order-shipments.ts';
import { listOrdersRoute } from './orders/list-orders.ts';
import { listSagaStepsRoute } from './orders/list-saga-steps.ts';
import { addNoteRoute, listNotesRoute } from './orders/order-notes.ts';
import { quoteOrderRoute } from './orders/quote-order.ts';
import { resolveStepRoute } from './orders/resolve-step.ts';
import { reviewOrderRoutes } from './orders/review-order.ts';
import { retryPaymentRoute } from './orders/retry-payment.ts';
import { closeDisputeRoute, listOrderDisputesRoute } from './orders/order-disputes.ts';
import { listOrderRefundsRoute } from './orders/list-order-refunds.ts';
import { refundPaymentRoute } from './orders/refund-payment.ts';
import { returnItemsRoute } from './orders/return-items.ts';
import { streamOrderEventsRoute } from './orders/stream-order-events.ts';
import { listQueueRoute } from './queues/list-queue.ts';
import { listQueuesRoute } from './queues/list-queues.ts';
import { reportHoursRoute } from './reports/report-hours.ts';
import { reportProcessingTimesRoute } from './reports/report-processing-times.ts';
import { reportProductsRoute } from './reports/report-products.ts';
import { reportSalesRoute } from './reports/report-sales.ts';
import { reportStatusesRoute } from './reports/report-statuses.ts';
import { reportStepsRoute } from './reports/report-steps.ts';
import { getSagaResolutionRoute } from './sagas/get-saga-resolution.ts';
import { listSagaResolutionsRoute } from './sagas/list-saga-resolutions.ts';
import { resolveSagasRoute } from './sagas/resolve-sagas.ts';
import { decideEventsRoutes } from './events/decide-events.ts';
import { forgetEventSinkRoute } from './events/forget-event-sink.ts';
import { listEventSinksRoute } from './events/list-event-sinks.ts';
import { listEventsRoute } from './events/list-events.ts';
import { listWaitingOrdersRoute } from './sagas/list-waiting-orders.ts';
import {
  getDifferencesRoute,
  getReconciliationRoute,
  listReconciliationsRoute,
} from './reconciliations/read-reports.ts';
import { reconcilePaymentsRoute } from './reconciliations/reconcile-payments.ts';
import { listWorkersRoute } from './workers/list-workers.ts';
import { receiveWebhookRoutes } from './webhooks/receive-webhook.ts';
import { changeWebhookEndpointRoute } from './webhook-endpoints/change-endpoint.ts';
import { createWebhookEndpointRoute } from './webhook-endpoints/create-endpoint.ts';
import { deleteWebhookEndpointRoute } from './webhook-endpoints/delete-endpoint.ts';
import { getWebhookEndpointRoute } from './webhook-endpoints/get-endpoint.ts';
import { listWebhookEndpointsRoute } from './webhook-endpoints/list-endpoints.ts';
import { listWebhookDeliveriesRoute } from './webhook-endpoints/list-deliveries.ts';
import { redeliverWebhookRoute, redeliverWebhooksRoute } from './webhook-endpoints/redeliver.ts';
import { rotateWebhookSecretRoute } from './webhook-endpoints/rotate-secret.ts';

/** Every route of the API that is documented and guarded, in the order in which paths are matched. */
export function apiRoutes(api: Api) {
  return [
    ...orderRoutes(api),
    ...sagaRoutes(api),
    listQueuesRoute(api),
    listQueueRoute(api),
    ...reconciliationRoutes(api),
    reportSalesRoute(api),
    reportStatusesRoute(api),
    reportProductsRoute(api),
    reportProcessingTimesRoute(api),
    reportHoursRoute(api),
    reportStepsRoute(api),
    listAuditRoute(api),
    exportAuditRoute(api),
    listWorkersRoute(api),
    createImportRoute(api),
    listImportsRoute(api),
    getImportRoute(api),
    getImportErrorsRoute(api),
    pauseImportRoute(api),
    resumeImportRoute(api),
    cancelImportRoute(api),
    acknowledgeImportRoute(api),
    ...receiveWebhookRoutes(api),
    ...notificationRoutes(api),
    listInboxRoute(api),
    ...decideDeadEventsRoutes(api),
    ...webhookEndpointRoutes(api),
    listEventsRoute(api),
    listEventSinksRoute(api),
    forgetEventSinkRoute(api),
    ...decideEventsRoutes(api),
    putCouponRoute(api),
    listCouponsRoute(api),
    getCouponRoute(api),
  ] as const;
}

function orderRoutes(api: Api) {
  return [
    createOrderRoute(api),
    quoteOrderRoute(api),
    listOrdersRoute(api),
    // Before the routes of one order, or `export` would be taken for an order's id.
    exportOrdersRoute(api),
    createBatchRoute(api),
    getOrderRoute(api),
    getOrderDetailsRoute(api),
    deleteOrderRoute(api),
    cancelOrderRoute(api),
    getOrderStatusRoute(api),
    changeStatusRoute(api),
    editOrderRoute(api),
    replaceOrderRoute(api),
    listOrderItemsRoute(api),
    addItemRoute(api),
    changeItemRoute(api),
    removeItemRoute(api),
    ...moneyBackRoutes(api),
    listOrderShipmentsRoute(api),
    correctShipmentRoute(api),
    listOrderHistoryRoute(api),
    addNoteRoute(api),
    listNotesRoute(api),
    listOrderPaymentsRoute(api),
    streamOrderEventsRoute(api),
    retryPaymentRoute(api),
    ...reviewOrderRoutes(api),
  ] as const;
}

function notificationRoutes(api: Api) {
  return [
    listOrderNotificationsRoute(api),
    notifyCustomerRoute(api),
    listNotificationsRoute(api),
    ...decideNotificationsRoutes(api),
  ] as const;
}

function webhookEndpointRoutes(api: Api) {
  return [
    createWebhookEndpointRoute(api),
    listWebhookEndpointsRoute(api),
    getWebhookEndpointRoute(api),
    changeWebhookEndpointRoute(api),
    deleteWebhookEndpointRoute(api),
    rotateWebhookSecretRoute(api),
    listWebhookDeliveriesRoute(api),
    redeliverWebhookRoute(api),
    redeliverWebhooksRoute(api),
  ] as const;
}

/** Routes about what sagas wait for. */
function sagaRoutes(api: Api) {
  return [
    listSagaStepsRoute(api),
    resolveStepRoute(api),
    listWaitingOrdersRoute(api),
    resolveSagasRoute(api),
    listSagaResolutionsRoute(api),
    getSagaResolutionRoute(api),
  ] as const;
}

/** Everything by which money goes back: with goods, without them, and by a customer's bank. */
function moneyBackRoutes(api: Api) {
  return [
    returnItemsRoute(api),
    listOrderReturnsRoute(api),
    refundPaymentRoute(api),
    listOrderRefundsRoute(api),
    listOrderDisputesRoute(api),
    closeDisputeRoute(api),
  ] as const;
}

/** Comparing the payment service's list with our books. */
function reconciliationRoutes(api: Api) {
  return [
    reconcilePaymentsRoute(api),
    listReconciliationsRoute(api),
    getReconciliationRoute(api),
    getDifferencesRoute(api),
  ] as const;
}
