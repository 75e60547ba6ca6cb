import type { Guard } from './guard.ts';

/** What keeps the money of amendments and returns right. */
export const amendmentGuards: readonly Guard[] = [
  {
    name: 'who may not order gets no more',
    file: 'src/domain/amend-order.ts',
    find: '  if (asksForMore(order, command, { ...facts, taxRates })) requireActiveCustomer(facts.customer);\n',
    replace: '',
    test: [
      'test/domain/amend-order.test.ts',
      'a customer who may not order > since they are inactive gets no more, but may have less',
    ],
  },
  {
    name: 'what is added at another price is a line of its own',
    file: 'src/domain/line-portions.ts',
    find: '  if (last.unitPriceMinor === unitPriceMinor) {\n',
    replace: '  if (last.unitPriceMinor !== -1) {\n',
    test: [
      'test/domain/amend-order.test.ts',
      'units that are added to a line > have the price of today, those that were bought keep their own',
    ],
  },
  {
    name: 'what has been shipped is not taken out',
    file: 'src/domain/line-portions.ts',
    find: 'Math.min(missing, quantity - shippedQuantity)',
    replace: 'Math.min(missing, quantity + 0 * shippedQuantity)',
    test: [
      'test/domain/amend-order.test.ts',
      'units that are added to a line > stay when the line that they were added to has gone',
    ],
  },
  {
    name: 'details that are being changed are not overtaken by others',
    file: 'src/orders/edit-order.ts',
    find: ' || (await hasOpenEdit(db, orderId))',
    replace: '',
    test: [
      'test/http/edit-order.test.ts',
      'a change of an order > that comes while goods are being redirected waits for its turn',
    ],
  },
  {
    name: 'a customer returns nothing after the return window',
    file: 'src/orders/return-items.ts',
    find: 'hasRole(caller, staff) ? {} : { windowMs: returnWindowMs }',
    replace: 'hasRole(caller, staff) || returnWindowMs > 0 ? {} : { windowMs: returnWindowMs }',
    test: ['test/workflows/late-return.test.ts', 'a return after the return window > is refused to a customer'],
    fails: 'instead of rejecting',
  },
  {
    name: 'a refund without goods gives back no more than is left',
    file: 'src/domain/amount-refund.ts',
    find: '  if (amountMinor <= leftMinor) return;\n',
    replace: '  if (amountMinor <= leftMinor || order.id) return;\n',
    test: [
      'test/workflows/refund-payment.test.ts',
      'a refund without goods > of "25.01" is refused, and nothing moves',
    ],
    fails: 'instead of rejecting',
  },
  {
    name: 'a return gives back nothing that went back without goods',
    file: 'src/domain/return-items.ts',
    find: 'refundDueMinor(order, before), leftMinor),',
    replace: 'refundDueMinor(order, before), leftMinor + order.totalMinor),',
    test: [
      'test/workflows/refund-payment.test.ts',
      'a refund without goods > is not given a second time by a return: the rest goes back',
    ],
  },
];
