/** The shipping method of an order that names none; it is always offered, for nothing unless its rate is set. */
export const STANDARD_SHIPPING = 'standard';
