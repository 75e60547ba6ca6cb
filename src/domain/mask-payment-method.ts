/** The first and last characters of a payment method token, enough to recognise it. */
export function maskPaymentMethod(token: string): string {
  return `${token.slice(0, 4)}***${token.slice(-2)}`;
}
