/** Through whom money moved. EXTERNAL: outside the payment service, as a person or another system's file vouches. */
export const paymentProviders = ['PAYMENT_SERVICE', 'EXTERNAL'] as const;

export type PaymentProvider = (typeof paymentProviders)[number];
