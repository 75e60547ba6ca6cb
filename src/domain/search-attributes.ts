import { defineSearchAttributeKey } from '@temporalio/common';

/** The order's status, as its projection has it. */
export const orderStatusAttribute = defineSearchAttributeKey('OrderStatus', 'KEYWORD');

/** The number by which people know the order. */
export const orderNumberAttribute = defineSearchAttributeKey('OrderNumber', 'KEYWORD');

/** The id of the customer whose order it is; never a name or an address, since search attributes are not encrypted. */
export const customerIdAttribute = defineSearchAttributeKey('CustomerId', 'KEYWORD');

/** The step the saga waits in, once that step has left its fast path. */
export const sagaStepAttribute = defineSearchAttributeKey('SagaStep', 'KEYWORD');

/** Whether the saga is parked until an operator decides. */
export const needsAttentionAttribute = defineSearchAttributeKey('NeedsAttention', 'BOOL');

/** The order's total, in minor units of its currency. */
export const orderTotalAttribute = defineSearchAttributeKey('OrderTotal', 'INT');

/** Every search attribute that the workflows set; a namespace needs them all. */
export const orderSearchAttributes = [
  orderStatusAttribute,
  orderNumberAttribute,
  customerIdAttribute,
  sagaStepAttribute,
  needsAttentionAttribute,
  orderTotalAttribute,
] as const;
