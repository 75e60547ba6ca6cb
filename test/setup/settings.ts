/** What API and worker don't start without: addresses at which nothing is, for a test to replace by those that it uses. */
export const requiredSettings = {
  DATABASE_URL: 'postgres://127.0.0.1:9/none',
  INVENTORY_URL: 'http://127.0.0.1:9',
  PAYMENT_URL: 'http://127.0.0.1:9',
  CUSTOMER_URL: 'http://127.0.0.1:9',
  NOTIFICATION_URL: 'http://127.0.0.1:9',
};
