import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { addressedNotificationGateway } from './addressed-notification.ts';
import { httpCustomerGateway } from './http-customer.ts';
import { httpInventoryGateway } from './http-inventory.ts';
import { httpNotificationGateway } from './http-notification.ts';
import { httpPaymentGateway } from './http-payment.ts';
import { stripePaymentGateway } from './stripe/stripe-payment.ts';
import type { StripeRecords } from './stripe/stripe-records.ts';
import { httpReviewGateway } from './http-review.ts';
import type { CustomerGateway } from './customer.ts';
import type { InventoryGateway } from './inventory.ts';
import type { NotificationGateway } from './notification.ts';
import type { PaymentGateway } from './payment.ts';
import type { ReviewGateway } from './review.ts';

export { GatewayError } from './gateway-error.ts';
export type { Customer } from './customer.ts';
export type { Product } from './inventory.ts';

/** The other services that an order needs. */
export interface Gateways {
  readonly inventory: InventoryGateway;
  readonly payment: PaymentGateway;
  readonly customer: CustomerGateway;
  readonly notification: NotificationGateway;
  /** `undefined` when no service reviews orders. */
  readonly review: ReviewGateway | undefined;
}

/** What gateways remember, and the way of messages other than to a notification service. */
interface GatewayParts {
  /** What is remembered of payments at Stripe. */
  readonly records?: StripeRecords;
  readonly notification?: NotificationGateway | undefined;
}

/** Gateways to the services that the configuration names; each call is logged at debug. */
export function createGateways(
  endpoints: Omit<Config['gateways'], 'stripe'> & Partial<Pick<Config['gateways'], 'stripe'>>,
  logger: Logger,
  { records, notification }: GatewayParts = {},
): Gateways {
  const { stripe } = endpoints;
  const customer = httpCustomerGateway(endpoints.customer, logger);
  return {
    inventory: httpInventoryGateway(endpoints.inventory, logger),
    payment:
      stripe && records ? stripePaymentGateway(stripe, records, logger) : httpPaymentGateway(endpoints.payment, logger),
    customer,
    notification: notification
      ? addressedNotificationGateway(notification, customer)
      : createNotificationGateway(endpoints.notification, logger),
    review: endpoints.review && httpReviewGateway(endpoints.review, logger),
  };
}

function createNotificationGateway(endpoint: Config['gateways']['notification'], logger: Logger): NotificationGateway {
  if (!endpoint) throw new Error('messages to customers have nowhere to go');
  return httpNotificationGateway(endpoint, logger);
}
