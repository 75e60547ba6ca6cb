/**
 * What API and worker don't start without: addresses at which nothing is, for a test to replace by those that it uses. The orders of a test
 * file are mostly one customer's, whose declines are not limited unless the test is about that.
 */
export const requiredSettings = {
  DATABASE_URL: 'postgres://127.0.0.1:9/none',
  INVENTORY_URL: 'http://127.0.0.1:9',
  PAYMENT_URL: 'http://127.0.0.1:9',
  CUSTOMER_URL: 'http://127.0.0.1:9',
  NOTIFICATION_URL: 'http://127.0.0.1:9',
  PAYMENT_DECLINES_PER_CUSTOMER: '0',
};
