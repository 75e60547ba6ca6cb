/** When an authorised payment is captured: before the order is confirmed, or part by part as its goods are shipped. */
export const paymentCaptures = ['confirm', 'shipment'] as const;

export type PaymentCapture = (typeof paymentCaptures)[number];
