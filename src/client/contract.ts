// Made from the API's OpenAPI document. After a change of the API: npm run generate:client

export type Currency =
  | 'AED'
  | 'AFN'
  | 'ALL'
  | 'AMD'
  | 'AOA'
  | 'ARS'
  | 'AUD'
  | 'AWG'
  | 'AZN'
  | 'BAM'
  | 'BBD'
  | 'BDT'
  | 'BHD'
  | 'BIF'
  | 'BMD'
  | 'BND'
  | 'BOB'
  | 'BOV'
  | 'BRL'
  | 'BSD'
  | 'BTN'
  | 'BWP'
  | 'BYN'
  | 'BZD'
  | 'CAD'
  | 'CDF'
  | 'CHE'
  | 'CHF'
  | 'CHW'
  | 'CLF'
  | 'CLP'
  | 'CNY'
  | 'COP'
  | 'COU'
  | 'CRC'
  | 'CUP'
  | 'CVE'
  | 'CZK'
  | 'DJF'
  | 'DKK'
  | 'DOP'
  | 'DZD'
  | 'EGP'
  | 'ERN'
  | 'ETB'
  | 'EUR'
  | 'FJD'
  | 'FKP'
  | 'GBP'
  | 'GEL'
  | 'GHS'
  | 'GIP'
  | 'GMD'
  | 'GNF'
  | 'GTQ'
  | 'GYD'
  | 'HKD'
  | 'HNL'
  | 'HTG'
  | 'HUF'
  | 'IDR'
  | 'ILS'
  | 'INR'
  | 'IQD'
  | 'IRR'
  | 'ISK'
  | 'JMD'
  | 'JOD'
  | 'JPY'
  | 'KES'
  | 'KGS'
  | 'KHR'
  | 'KMF'
  | 'KPW'
  | 'KRW'
  | 'KWD'
  | 'KYD'
  | 'KZT'
  | 'LAK'
  | 'LBP'
  | 'LKR'
  | 'LRD'
  | 'LSL'
  | 'LYD'
  | 'MAD'
  | 'MDL'
  | 'MGA'
  | 'MKD'
  | 'MMK'
  | 'MNT'
  | 'MOP'
  | 'MRU'
  | 'MUR'
  | 'MVR'
  | 'MWK'
  | 'MXN'
  | 'MXV'
  | 'MYR'
  | 'MZN'
  | 'NAD'
  | 'NGN'
  | 'NIO'
  | 'NOK'
  | 'NPR'
  | 'NZD'
  | 'OMR'
  | 'PAB'
  | 'PEN'
  | 'PGK'
  | 'PHP'
  | 'PKR'
  | 'PLN'
  | 'PYG'
  | 'QAR'
  | 'RON'
  | 'RSD'
  | 'RUB'
  | 'RWF'
  | 'SAR'
  | 'SBD'
  | 'SCR'
  | 'SDG'
  | 'SEK'
  | 'SGD'
  | 'SHP'
  | 'SLE'
  | 'SOS'
  | 'SRD'
  | 'SSP'
  | 'STN'
  | 'SVC'
  | 'SYP'
  | 'SZL'
  | 'THB'
  | 'TJS'
  | 'TMT'
  | 'TND'
  | 'TOP'
  | 'TRY'
  | 'TTD'
  | 'TWD'
  | 'TZS'
  | 'UAH'
  | 'UGX'
  | 'USD'
  | 'USN'
  | 'UYI'
  | 'UYU'
  | 'UYW'
  | 'UZS'
  | 'VED'
  | 'VES'
  | 'VND'
  | 'VUV'
  | 'WST'
  | 'XAD'
  | 'XAF'
  | 'XCD'
  | 'XCG'
  | 'XOF'
  | 'XPF'
  | 'YER'
  | 'ZAR'
  | 'ZMW'
  | 'ZWG';
export type OrderStatus =
  | 'PENDING'
  | 'CONFIRMED'
  | 'PROCESSING'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'RETURNED'
  | 'REFUNDED'
  | 'PAYMENT_FAILED'
  | 'CANCELLED';
export type PaymentStatus =
  | 'PENDING'
  | 'QUEUED'
  | 'UNKNOWN'
  | 'ACTION_REQUIRED'
  | 'AUTHORIZED'
  | 'CAPTURED'
  | 'FAILED'
  | 'REFUNDING'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED';
export type SagaState = 'RUNNING' | 'COMPENSATING' | 'NEEDS_ATTENTION' | 'COMPENSATED' | 'COMPLETED';
/**
 * A decimal amount with exactly the decimals of its currency.
 */
export type Money = string;
/**
 * What the order waits for of which only Temporal knows; null when it was not seen to wait so.
 */
export type OrderStall = {
  /**
   * `RETRYING`: the step fails and is tried again. `NEEDS_ATTENTION`: an operator has to decide. `PAUSED`: somebody paused an activity or the workflow in Temporal. `TASK_FAILING`: its workflow tasks fail. `KEY_MISSING`: what it has to read is encrypted with a key that `PAYLOAD_KEYS` lacks. `NO_WORKER`: it has something to do, and no worker takes it.
   */
  cause: 'RETRYING' | 'NEEDS_ATTENTION' | 'PAUSED' | 'TASK_FAILING' | 'KEY_MISSING' | 'NO_WORKER';
  /**
   * Null when it waits in none.
   */
  step:
    | 'reserveInventory'
    | 'reviewOrder'
    | 'chargePayment'
    | 'authorizePayment'
    | 'capturePayment'
    | 'confirmOrder'
    | 'notifyCustomer'
    | 'amendReservation'
    | 'reviewAmendment'
    | 'chargeDifference'
    | 'refundDifference'
    | 'releaseSurplus'
    | 'restockReturn'
    | 'refundReturn'
    | 'refundAmount'
    | 'releaseInventoryIfReserved'
    | 'refundPaymentIfCharged'
    | 'voidPaymentIfAuthorized'
    | 'restoreReservation'
    | 'refundDifferenceIfCharged'
    | 'withdrawRestock'
    | null;
  since: string;
  attempts: number;
  last_error: string | null;
} | null;
export type InventoryWebhook =
  | {
      type: 'inventory.reserved';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * The goods of an order are reserved.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        reservation_id?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'inventory.failed';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * The goods of an order can not be reserved.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        reservation_id?: string | null;
        reason?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      [k: string]: unknown;
    };
export type ShippingWebhook =
  | {
      type: 'shipment.delivered';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * A shipment has arrived; the whole order unless one is named.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        /**
         * The shipment, as `GET /orders/{id}/shipments` lists it.
         */
        shipment_id?: string | null;
        /**
         * Finds the shipment as well.
         */
        tracking_number?: string | null;
        carrier?: string | null;
        delivered_at?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      [k: string]: unknown;
    };
/**
 * An order was accepted. It is on record, and nothing is reserved or charged yet.
 */
export type OrderCreatedData = OrderEventData & {
  /**
   * What the customer pays. A decimal amount with exactly the decimals of its currency.
   */
  total: string;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * How many lines the order has.
   */
  item_count: number;
  /**
   * When the order was accepted. RFC 3339, in UTC.
   */
  created_at: string;
};
/**
 * Another payment method was offered for an order whose payment had failed; it is tried now.
 */
export type OrderPendingData = OrderEventData;
/**
 * The goods are reserved and paid for, and the order will be fulfilled.
 */
export type OrderConfirmedData = OrderEventData & {
  /**
   * The payment service's id of the payment; null when the payment service has none.
   */
  payment_id: string | null;
  /**
   * When it was confirmed. RFC 3339, in UTC.
   */
  confirmed_at: string;
};
/**
 * The goods are being picked.
 */
export type OrderProcessingData = OrderEventData;
/**
 * All of the goods have left.
 */
export type OrderShippedData = OrderEventData & {
  carrier: string | null;
  /**
   * The tracking number.
   */
  tracking: string | null;
};
/**
 * The customer has the goods.
 */
export type OrderDeliveredData = OrderEventData;
/**
 * All of the goods are back in stock.
 */
export type OrderReturnedData = OrderEventData;
/**
 * All of the goods came back and everything was refunded.
 */
export type OrderRefundedData = OrderEventData;
/**
 * The payment was declined. Until its time runs out another payment method may be offered.
 */
export type OrderPaymentFailedData = OrderEventData;
/**
 * The order was cancelled: what was reserved is released and what was charged is refunded.
 */
export type OrderCancelledData = OrderEventData & {
  /**
   * Why.
   */
  reason: string;
};
/**
 * The order's address or notes were changed.
 */
export type OrderEditedData = OrderEventData;
/**
 * The order's lines were changed, or an address on which its tax depends, and the difference is charged or refunded.
 */
export type OrderAmendedData = OrderEventData & {
  /**
   * What the customer pays now. A decimal amount with exactly the decimals of its currency.
   */
  total: string;
  /**
   * The total less the one before, negative when it fell. A decimal amount with exactly the decimals of its currency.
   */
  difference: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * Goods ran out after the order was paid for and before it was confirmed: until its time runs out it can be amended or cancelled.
 */
export type OrderOutOfStockData = OrderEventData & {
  /**
   * Until when. RFC 3339, in UTC.
   */
  amend_until: string;
  /**
   * What is missing: sku, requested, available.
   */
  details: {
    [k: string]: string | number;
  }[];
};
/**
 * A part of the goods has left.
 */
export type OrderPartlyShippedData = OrderEventData & {
  carrier: string | null;
  /**
   * The tracking number.
   */
  tracking: string | null;
  items: {
    /**
     * The line's id.
     */
    item_id: string;
    quantity: number;
  }[];
};
/**
 * Carrier or tracking number of a shipment were corrected.
 */
export type OrderShipmentCorrectedData = OrderEventData & {
  carrier: string | null;
  /**
   * The tracking number.
   */
  tracking: string | null;
  shipment_id: string;
};
/**
 * Goods are to come back.
 */
export type OrderReturnOpenedData = OrderEventData & {
  /**
   * The return's id.
   */
  return_id: string;
  items: {
    /**
     * The line's id.
     */
    item_id: string;
    quantity: number;
  }[];
};
/**
 * Goods came back and were refunded.
 */
export type OrderReturnRefundedData = OrderEventData & {
  /**
   * The return's id.
   */
  return_id: string;
  /**
   * What the returned goods come to. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * Goods came back, and an operator decided against their refund.
 */
export type OrderReturnUnrefundedData = OrderEventData & {
  /**
   * The return's id.
   */
  return_id: string;
  /**
   * What the returned goods come to. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * A return was given up, and nothing has changed.
 */
export type OrderReturnRejectedData = OrderEventData & {
  /**
   * The return's id.
   */
  return_id: string;
  /**
   * What the returned goods come to. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * Money is to go back without goods.
 */
export type OrderRefundOpenedData = OrderEventData & {
  /**
   * The refund's id.
   */
  refund_id: string;
  /**
   * What goes back. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * Money went back without goods.
 */
export type OrderRefundMadeData = OrderEventData & {
  /**
   * The refund's id.
   */
  refund_id: string;
  /**
   * What goes back. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * What has gone back of the order in all. A decimal amount with exactly the decimals of its currency.
   */
  refunded_amount: string;
  /**
   * Whether the customer is to be told by a message.
   */
  notify: boolean;
};
/**
 * A refund without goods was given up, or nothing was left to give back when its turn came.
 */
export type OrderRefundRejectedData = OrderEventData & {
  /**
   * The refund's id.
   */
  refund_id: string;
  /**
   * What goes back. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
};
/**
 * Something about the order waits until somebody decides.
 */
export type OrderNeedsAttentionData = OrderEventData & {
  /**
   * The step that waits; null when it is none.
   */
  step: string | null;
  /**
   * What is wrong.
   */
  problem: string;
  /**
   * What to do about it.
   */
  what_to_do: string;
};
/**
 * Something else about the order changed, such as `payment_status` or `saga_state`.
 */
export type OrderUpdatedData = OrderEventData & {
  /**
   * A decision about the order's saga, or an incident.
   */
  change?: string;
  /**
   * The step that it is about.
   */
  step?: string;
};
/**
 * Money was taken. `status` and `version` are those before the change that follows from it.
 */
export type PaymentProcessedData = PaymentEventData & {
  /**
   * The key under which the charge was asked for, once.
   */
  transaction_id: string;
  /**
   * Masked; EXTERNAL when it was paid outside the payment service.
   */
  payment_method: string;
  /**
   * When it was put on record. RFC 3339, in UTC.
   */
  processed_at: string;
};
/**
 * A charge was declined, and nothing was taken. `status` and `version` are those before the change that follows from it.
 */
export type PaymentFailedData = PaymentEventData & {
  /**
   * The key under which the charge was asked for, once.
   */
  transaction_id: string;
  /**
   * Masked; EXTERNAL when it was paid outside the payment service.
   */
  payment_method: string;
  /**
   * As the payment service says it, or TOO_MANY_DECLINES.
   */
  failure_code: string;
  /**
   * The same for people.
   */
  failure_reason: string;
};
/**
 * Money was given back: for a cancellation, an amendment, a return, or by hand. `status` and `version` are those before the change that follows from it.
 */
export type PaymentRefundedData = PaymentEventData & {
  /**
   * The key under which the refund was made, once.
   */
  refund_id: string;
  /**
   * Why, where somebody has said so.
   */
  reason: string | null;
};
/**
 * One event of the stream.
 */
export type OrderStreamEvent =
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.snapshot';
      data: Order;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.created';
      data: OrderCreatedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.pending';
      data: OrderPendingData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.confirmed';
      data: OrderConfirmedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.processing';
      data: OrderProcessingData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.shipped';
      data: OrderShippedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.delivered';
      data: OrderDeliveredData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.returned';
      data: OrderReturnedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.refunded';
      data: OrderRefundedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.payment_failed';
      data: OrderPaymentFailedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.cancelled';
      data: OrderCancelledData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.edited';
      data: OrderEditedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.amended';
      data: OrderAmendedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.out_of_stock';
      data: OrderOutOfStockData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.partly_shipped';
      data: OrderPartlyShippedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.shipment_corrected';
      data: OrderShipmentCorrectedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.return_opened';
      data: OrderReturnOpenedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.return_refunded';
      data: OrderReturnRefundedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.return_unrefunded';
      data: OrderReturnUnrefundedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.return_rejected';
      data: OrderReturnRejectedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.refund_opened';
      data: OrderRefundOpenedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.refund_made';
      data: OrderRefundMadeData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.refund_rejected';
      data: OrderRefundRejectedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.needs_attention';
      data: OrderNeedsAttentionData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'order.updated';
      data: OrderUpdatedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'payment.processed';
      data: PaymentProcessedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'payment.failed';
      data: PaymentFailedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'payment.refunded';
      data: PaymentRefundedData;
    }
  | {
      /**
       * Send the last one as `Last-Event-ID` to go on behind it.
       */
      id: string;
      event: 'end';
      data: {
        reason: 'final';
      };
    };
export type PaymentWebhook =
  | {
      type: 'payment.processed';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * A charge went through.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        payment_id: string;
        /**
         * The key under which the charge was asked for; the open charge of the order unless given.
         */
        idempotency_key?: string | null;
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        transaction_id?: string | null;
        processed_at?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.captured';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * The same as payment.processed.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        payment_id: string;
        /**
         * The key under which the charge was asked for; the open charge of the order unless given.
         */
        idempotency_key: string;
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        transaction_id?: string | null;
        processed_at?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.authorized';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * Money is held for a charge, and not taken yet.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        payment_id?: string | null;
        /**
         * The key under which it was asked for.
         */
        idempotency_key: string;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.failed';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * A charge was declined.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        payment_id?: string | null;
        /**
         * The key under which the charge was asked for; the open charge of the order unless given.
         */
        idempotency_key?: string | null;
        amount?: string | null;
        currency?:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG'
          | null;
        failure_code?: string | null;
        failure_reason?: string | null;
        decline_code?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.declined';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * The same as payment.failed.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        payment_id: string;
        /**
         * The key under which the charge was asked for; the open charge of the order unless given.
         */
        idempotency_key: string;
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        failure_code?: string | null;
        failure_reason?: string | null;
        decline_code?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.refunded';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * A payment was refunded, by this system or at the payment service.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        /**
         * As the payment service calls the refund; the same however often it is told of.
         */
        refund_id: string;
        payment_id?: string | null;
        /**
         * The idempotency key of the refund; left out when it was requested without one.
         */
        idempotency_key?: string | null;
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        reason?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.refund_failed';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * A refund has not reached the customer: its amount is back with the shop.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        /**
         * As the payment service calls the refund; the same however often it is told of.
         */
        refund_id: string;
        payment_id?: string | null;
        /**
         * The idempotency key of the refund; left out when it was requested without one.
         */
        idempotency_key?: string | null;
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        /**
         * Why it failed.
         */
        reason?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      type: 'payment.disputed';
      /**
       * When it happened.
       */
      timestamp?: string;
      /**
       * The customer's bank wants a payment back, or has decided about it.
       */
      data: {
        /**
         * The order, by its id.
         */
        order_id: string;
        dispute_id: string;
        payment_id?: string | null;
        /**
         * `won`: for the shop.
         */
        status?: 'opened' | 'won' | 'lost';
        amount: string;
        currency:
          | 'AED'
          | 'AFN'
          | 'ALL'
          | 'AMD'
          | 'AOA'
          | 'ARS'
          | 'AUD'
          | 'AWG'
          | 'AZN'
          | 'BAM'
          | 'BBD'
          | 'BDT'
          | 'BHD'
          | 'BIF'
          | 'BMD'
          | 'BND'
          | 'BOB'
          | 'BOV'
          | 'BRL'
          | 'BSD'
          | 'BTN'
          | 'BWP'
          | 'BYN'
          | 'BZD'
          | 'CAD'
          | 'CDF'
          | 'CHE'
          | 'CHF'
          | 'CHW'
          | 'CLF'
          | 'CLP'
          | 'CNY'
          | 'COP'
          | 'COU'
          | 'CRC'
          | 'CUP'
          | 'CVE'
          | 'CZK'
          | 'DJF'
          | 'DKK'
          | 'DOP'
          | 'DZD'
          | 'EGP'
          | 'ERN'
          | 'ETB'
          | 'EUR'
          | 'FJD'
          | 'FKP'
          | 'GBP'
          | 'GEL'
          | 'GHS'
          | 'GIP'
          | 'GMD'
          | 'GNF'
          | 'GTQ'
          | 'GYD'
          | 'HKD'
          | 'HNL'
          | 'HTG'
          | 'HUF'
          | 'IDR'
          | 'ILS'
          | 'INR'
          | 'IQD'
          | 'IRR'
          | 'ISK'
          | 'JMD'
          | 'JOD'
          | 'JPY'
          | 'KES'
          | 'KGS'
          | 'KHR'
          | 'KMF'
          | 'KPW'
          | 'KRW'
          | 'KWD'
          | 'KYD'
          | 'KZT'
          | 'LAK'
          | 'LBP'
          | 'LKR'
          | 'LRD'
          | 'LSL'
          | 'LYD'
          | 'MAD'
          | 'MDL'
          | 'MGA'
          | 'MKD'
          | 'MMK'
          | 'MNT'
          | 'MOP'
          | 'MRU'
          | 'MUR'
          | 'MVR'
          | 'MWK'
          | 'MXN'
          | 'MXV'
          | 'MYR'
          | 'MZN'
          | 'NAD'
          | 'NGN'
          | 'NIO'
          | 'NOK'
          | 'NPR'
          | 'NZD'
          | 'OMR'
          | 'PAB'
          | 'PEN'
          | 'PGK'
          | 'PHP'
          | 'PKR'
          | 'PLN'
          | 'PYG'
          | 'QAR'
          | 'RON'
          | 'RSD'
          | 'RUB'
          | 'RWF'
          | 'SAR'
          | 'SBD'
          | 'SCR'
          | 'SDG'
          | 'SEK'
          | 'SGD'
          | 'SHP'
          | 'SLE'
          | 'SOS'
          | 'SRD'
          | 'SSP'
          | 'STN'
          | 'SVC'
          | 'SYP'
          | 'SZL'
          | 'THB'
          | 'TJS'
          | 'TMT'
          | 'TND'
          | 'TOP'
          | 'TRY'
          | 'TTD'
          | 'TWD'
          | 'TZS'
          | 'UAH'
          | 'UGX'
          | 'USD'
          | 'USN'
          | 'UYI'
          | 'UYU'
          | 'UYW'
          | 'UZS'
          | 'VED'
          | 'VES'
          | 'VND'
          | 'VUV'
          | 'WST'
          | 'XAD'
          | 'XAF'
          | 'XCD'
          | 'XCG'
          | 'XOF'
          | 'XPF'
          | 'YER'
          | 'ZAR'
          | 'ZMW'
          | 'ZWG';
        reason?: string | null;
        /**
         * Until when evidence is taken.
         */
        respond_by?: string | null;
      };
      [k: string]: unknown;
    }
  | {
      [k: string]: unknown;
    };

/**
 * What each operation takes and answers.
 */
export interface Operations {
  /**
   * Place an order
   */
  createOrder: {
    request: {
      body: OrderRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
        /**
         * `respond-async` or `wait=N` (RFC 7240).
         */
        Prefer?: string;
      };
    };
    answer: Order;
  };
  /**
   * List orders
   */
  listOrders: {
    request: {
      /**
       * Orders of this customer.
       */
      customer_id?: string;
      /**
       * Orders that have this status.
       */
      status?:
        | 'PENDING'
        | 'CONFIRMED'
        | 'PROCESSING'
        | 'SHIPPED'
        | 'DELIVERED'
        | 'RETURNED'
        | 'REFUNDED'
        | 'PAYMENT_FAILED'
        | 'CANCELLED';
      /**
       * Orders whose payment stands there.
       */
      payment_status?:
        | 'PENDING'
        | 'QUEUED'
        | 'UNKNOWN'
        | 'ACTION_REQUIRED'
        | 'AUTHORIZED'
        | 'CAPTURED'
        | 'FAILED'
        | 'REFUNDING'
        | 'PARTIALLY_REFUNDED'
        | 'REFUNDED';
      /**
       * Orders whose latest saga stands there.
       */
      saga_state?: 'RUNNING' | 'COMPENSATING' | 'NEEDS_ATTENTION' | 'COMPENSATED' | 'COMPLETED';
      /**
       * Orders that wait in this step or compensation: it is being retried, is paused, or waits for an operator.
       */
      step?:
        | 'reserveInventory'
        | 'reviewOrder'
        | 'chargePayment'
        | 'authorizePayment'
        | 'capturePayment'
        | 'confirmOrder'
        | 'notifyCustomer'
        | 'amendReservation'
        | 'reviewAmendment'
        | 'chargeDifference'
        | 'refundDifference'
        | 'releaseSurplus'
        | 'restockReturn'
        | 'refundReturn'
        | 'refundAmount'
        | 'releaseInventoryIfReserved'
        | 'refundPaymentIfCharged'
        | 'voidPaymentIfAuthorized'
        | 'restoreReservation'
        | 'refundDifferenceIfCharged'
        | 'withdrawRestock';
      /**
       * Orders that have been waiting since this moment, or longer; with `step`, in that step.
       */
      waiting_since?: string;
      /**
       * Created at or after.
       */
      from?: string;
      /**
       * Created before.
       */
      to?: string;
      /**
       * Orders that the shop knows by this number, in any case.
       */
      reference?: string;
      /**
       * Orders of a customer or recipient with this e-mail address, in any case.
       */
      email?: string;
      /**
       * Orders with a shipment of this tracking number, in any case.
       */
      tracking?: string;
      /**
       * The beginning, in any case and with or without accents, of an order number, the shop's own number, the name or e-mail address of the customer or recipient, a tracking number or a payment id.
       */
      q?: string;
      /**
       * Orders of this system or shop, as they state it.
       */
      source?: string;
      /**
       * The id of the import that placed it.
       */
      batch_id?: string;
      /**
       * Whether the saga waits for an operator, or the customer could not be notified.
       */
      needs_attention?: boolean;
      /**
       * `-created_at`: the newest first.
       */
      sort?: 'created_at' | '-created_at';
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: OrderPage;
  };
  /**
   * Ask what an order would come to
   */
  quoteOrder: {
    request: {
      body: QuoteRequest;
    };
    answer: Quote;
  };
  /**
   * Download orders as CSV
   */
  exportOrders: {
    request: {
      /**
       * Orders of this customer.
       */
      customer_id?: string;
      /**
       * Orders that have this status.
       */
      status?:
        | 'PENDING'
        | 'CONFIRMED'
        | 'PROCESSING'
        | 'SHIPPED'
        | 'DELIVERED'
        | 'RETURNED'
        | 'REFUNDED'
        | 'PAYMENT_FAILED'
        | 'CANCELLED';
      /**
       * Orders whose payment stands there.
       */
      payment_status?:
        | 'PENDING'
        | 'QUEUED'
        | 'UNKNOWN'
        | 'ACTION_REQUIRED'
        | 'AUTHORIZED'
        | 'CAPTURED'
        | 'FAILED'
        | 'REFUNDING'
        | 'PARTIALLY_REFUNDED'
        | 'REFUNDED';
      /**
       * Orders whose latest saga stands there.
       */
      saga_state?: 'RUNNING' | 'COMPENSATING' | 'NEEDS_ATTENTION' | 'COMPENSATED' | 'COMPLETED';
      /**
       * Orders that wait in this step or compensation: it is being retried, is paused, or waits for an operator.
       */
      step?:
        | 'reserveInventory'
        | 'reviewOrder'
        | 'chargePayment'
        | 'authorizePayment'
        | 'capturePayment'
        | 'confirmOrder'
        | 'notifyCustomer'
        | 'amendReservation'
        | 'reviewAmendment'
        | 'chargeDifference'
        | 'refundDifference'
        | 'releaseSurplus'
        | 'restockReturn'
        | 'refundReturn'
        | 'refundAmount'
        | 'releaseInventoryIfReserved'
        | 'refundPaymentIfCharged'
        | 'voidPaymentIfAuthorized'
        | 'restoreReservation'
        | 'refundDifferenceIfCharged'
        | 'withdrawRestock';
      /**
       * Orders that have been waiting since this moment, or longer; with `step`, in that step.
       */
      waiting_since?: string;
      /**
       * Created at or after.
       */
      from?: string;
      /**
       * Created before.
       */
      to?: string;
      /**
       * Orders that the shop knows by this number, in any case.
       */
      reference?: string;
      /**
       * Orders of a customer or recipient with this e-mail address, in any case.
       */
      email?: string;
      /**
       * Orders with a shipment of this tracking number, in any case.
       */
      tracking?: string;
      /**
       * The beginning, in any case and with or without accents, of an order number, the shop's own number, the name or e-mail address of the customer or recipient, a tracking number or a payment id.
       */
      q?: string;
      /**
       * Orders of this system or shop, as they state it.
       */
      source?: string;
      /**
       * The id of the import that placed it.
       */
      batch_id?: string;
      /**
       * Whether the saga waits for an operator, or the customer could not be notified.
       */
      needs_attention?: boolean;
      /**
       * `-created_at`: the newest first.
       */
      sort?: 'created_at' | '-created_at';
      /**
       * Orders of the archive instead, which are not searched by texts; see `ORDER_RETENTION`.
       */
      archived?: boolean;
      /**
       * One row for each line of an order, with every amount: `POST /imports` reads it back with `preset=orders`. One row an order unless given.
       */
      lines?: boolean;
      /**
       * Only these columns, separated by commas, in this order.
       */
      columns?: string;
      /**
       * What separates the cells; a comma unless given.
       */
      delimiter?: ',' | ';' | '|' | 'tab' | 'comma' | 'semicolon' | 'pipe';
      /**
       * Begins with a byte order mark, by which spreadsheets know UTF-8.
       */
      bom?: boolean;
      /**
       * A compressed file; without it, the answer is compressed if `Accept-Encoding` allows it.
       */
      compress?: 'gzip';
    };
    answer: ReadableStream<Uint8Array>;
  };
  /**
   * Place many orders
   */
  createBatch: {
    request: {
      body: OrderBatch;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Import;
  };
  /**
   * Read an order
   */
  getOrder: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: Order;
  };
  /**
   * Cancel an order
   */
  deleteOrder: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body?: CancelRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Change an order's customer details, addresses, reference or notes
   */
  editOrder: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: OrderEdit;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Set all of an order's customer details, addresses, reference and notes
   */
  replaceOrder: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: OrderReplacement;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read an order with everything about it
   */
  getOrderDetails: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: OrderDetails;
  };
  /**
   * Cancel an order
   */
  cancelOrder: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body?: CancelRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read where an order stands
   */
  getOrderStatus: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: OrderStatusReport;
  };
  /**
   * Change the status of an order by hand
   */
  changeStatus: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: StatusRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read an order's lines
   */
  listOrderItems: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: OrderItem[];
      next_cursor: null;
    };
  };
  /**
   * Add an item to an order
   */
  addItem: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: OrderItemRequest;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Change an item's quantity
   */
  changeItem: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      /**
       * The id of one of its items.
       */
      item_id: string;
      body: QuantityRequest;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Remove an item from an order
   */
  removeItem: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      /**
       * The id of one of its items.
       */
      item_id: string;
      /**
       * Why, for the records.
       */
      reason?: string;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Return delivered goods
   */
  returnItems: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: ReturnRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read an order's returns
   */
  listOrderReturns: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: Return[];
      next_cursor: null;
    };
  };
  /**
   * Refund an amount without goods
   */
  refundPayment: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: RefundRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read an order's refunds without goods
   */
  listOrderRefunds: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: Refund[];
      next_cursor: null;
    };
  };
  /**
   * Read an order's disputes
   */
  listOrderDisputes: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: Dispute[];
      next_cursor: null;
    };
  };
  /**
   * Close a dispute by hand
   */
  closeDispute: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: CloseDisputeRequest;
    };
    answer: {
      data: Dispute[];
      next_cursor: null;
    };
  };
  /**
   * Read an order's shipments
   */
  listOrderShipments: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: Shipment[];
      next_cursor: null;
    };
  };
  /**
   * Correct a shipment's carrier and tracking number
   */
  correctShipment: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      /**
       * The id of a shipment, as `GET /orders/{id}/shipments` lists it.
       */
      shipment_id: string;
      body: ShipmentCorrection;
      headers?: {
        /**
         * The order's `ETag`, or several, or `*` for any; the change is refused with 412 when the order has none of them. A weak tag (`W/…`) never matches.
         */
        'If-Match'?: string;
      };
    };
    answer: Shipment;
  };
  /**
   * Read an order's changes
   */
  listOrderHistory: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: OrderChange[];
      next_cursor: null;
    };
  };
  /**
   * Write down an internal note about an order
   */
  addNote: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: OrderNoteRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: OrderNote;
  };
  /**
   * Read the internal notes about an order
   */
  listNotes: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: OrderNote[];
      next_cursor: null;
    };
  };
  /**
   * Read an order's charges and refunds
   */
  listOrderPayments: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: PaymentTransaction[];
      next_cursor: null;
    };
  };
  /**
   * Pay with another payment method
   */
  retryPayment: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: PaymentRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read an order's reviews
   */
  listOrderReviews: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: OrderReview[];
      next_cursor: null;
    };
  };
  /**
   * Decide on an order that waits for a review
   */
  decideReview: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: ReviewDecision;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * Read the ledger of an order's saga
   */
  listSagaSteps: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: SagaLedger;
  };
  /**
   * Resolve a parked step
   */
  resolveStep: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      /**
       * The step or compensation, as the ledger names it.
       */
      step:
        | 'reserveInventory'
        | 'reviewOrder'
        | 'chargePayment'
        | 'authorizePayment'
        | 'capturePayment'
        | 'confirmOrder'
        | 'notifyCustomer'
        | 'amendReservation'
        | 'reviewAmendment'
        | 'chargeDifference'
        | 'refundDifference'
        | 'releaseSurplus'
        | 'restockReturn'
        | 'refundReturn'
        | 'refundAmount'
        | 'releaseInventoryIfReserved'
        | 'refundPaymentIfCharged'
        | 'voidPaymentIfAuthorized'
        | 'restoreReservation'
        | 'refundDifferenceIfCharged'
        | 'withdrawRestock';
      body: StepResolution;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Order;
  };
  /**
   * List orders that wait
   */
  listWaitingOrders: {
    request: {
      /**
       * Orders that wait in this step or compensation.
       */
      step?:
        | 'reserveInventory'
        | 'reviewOrder'
        | 'chargePayment'
        | 'authorizePayment'
        | 'capturePayment'
        | 'confirmOrder'
        | 'notifyCustomer'
        | 'amendReservation'
        | 'reviewAmendment'
        | 'chargeDifference'
        | 'refundDifference'
        | 'releaseSurplus'
        | 'restockReturn'
        | 'refundReturn'
        | 'refundAmount'
        | 'releaseInventoryIfReserved'
        | 'refundPaymentIfCharged'
        | 'voidPaymentIfAuthorized'
        | 'restoreReservation'
        | 'refundDifferenceIfCharged'
        | 'withdrawRestock';
      /**
       * Orders that wait for this reason.
       */
      cause?: 'RETRYING' | 'NEEDS_ATTENTION' | 'PAUSED' | 'TASK_FAILING' | 'KEY_MISSING' | 'NO_WORKER' | 'NOT_STARTED';
      /**
       * Orders that have been waiting since this moment, or longer.
       */
      waiting_since?: string;
      /**
       * Only those that are stuck.
       */
      stuck?: boolean;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: WaitingOrderPage;
  };
  /**
   * Resolve many parked steps
   */
  resolveSagas: {
    request: {
      body: SagaResolutionRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: SagaResolutionPreview | SagaResolution;
  };
  /**
   * List resolutions of many steps
   */
  listSagaResolutions: {
    request: {
      /**
       * Those that still run, or have ended.
       */
      status?: 'RUNNING' | 'COMPLETED';
      /**
       * Those that decided so.
       */
      action?: 'retry' | 'skip' | 'resolve';
      /**
       * Whose decisions: the `sub` of their token.
       */
      actor?: string;
      /**
       * Made at or after.
       */
      from?: string;
      /**
       * Made before.
       */
      to?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: SagaResolutionPage;
  };
  /**
   * Read how a resolution of many steps goes
   */
  getSagaResolution: {
    request: {
      /**
       * The id of the resolution, as the answer to `POST /sagas/resolve` has it.
       */
      id: string;
      /**
       * Only orders of which this became.
       */
      state?: 'WAITING' | 'DECIDED' | 'UNCHANGED' | 'FAILED';
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: SagaResolutionReport;
  };
  /**
   * Count what waits for somebody
   */
  listQueues: {
    request: {};
    answer: {
      data: WorkQueue[];
      next_cursor: null;
    };
  };
  /**
   * List a queue of work
   */
  listQueue: {
    request: {
      /**
       * Which queue.
       */
      queue:
        | 'NEEDS_ATTENTION'
        | 'STUCK'
        | 'RETRYING'
        | 'NOT_STARTED'
        | 'PAYMENT_FAILED'
        | 'BACKORDERED'
        | 'REVIEW'
        | 'REFUND_DUE'
        | 'DISPUTED'
        | 'MESSAGE_FAILED'
        | 'DEAD_LETTER'
        | 'UNAPPLIED_EVENT'
        | 'IMPORT_FAILED';
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
    };
    answer: {
      data: QueuedOrder[];
      next_cursor: null;
    };
  };
  /**
   * Compare the payment service's list with our books
   */
  reconcilePayments: {
    request: {
      body: ReconciliationRequest;
    };
    answer: PaymentReport;
  };
  /**
   * List the latest comparisons with the payment service
   */
  listReconciliations: {
    request: {};
    answer: {
      data: PaymentReport[];
      next_cursor: null;
    };
  };
  /**
   * Read a comparison with the payment service
   */
  getReconciliation: {
    request: {
      /**
       * The id of the report, as the answer to `POST /reconciliations` has it.
       */
      id: string;
    };
    answer: PaymentReportWithDifferences;
  };
  /**
   * Download the differences of a comparison
   */
  getReconciliationDifferences: {
    request: {
      /**
       * The id of the report, as the answer to `POST /reconciliations` has it.
       */
      id: string;
    };
    answer: ReadableStream<Uint8Array>;
  };
  /**
   * Read what was sold
   */
  reportSales: {
    request: {
      /**
       * Orders created at or after; 30 days before `to` by default.
       */
      from?: string;
      /**
       * Orders created before; now by default. At most 366 days after `from`.
       */
      to?: string;
      /**
       * How long a time each entry sums up.
       */
      group?: 'day' | 'week' | 'month';
    };
    answer: SalesReport;
  };
  /**
   * Read where orders stand
   */
  reportStatuses: {
    request: {
      /**
       * Orders created at or after; 30 days before `to` by default.
       */
      from?: string;
      /**
       * Orders created before; now by default. At most 366 days after `from`.
       */
      to?: string;
    };
    answer: StatusReport;
  };
  /**
   * Read which products sell best
   */
  reportProducts: {
    request: {
      /**
       * Orders created at or after; 30 days before `to` by default.
       */
      from?: string;
      /**
       * Orders created before; now by default. At most 366 days after `from`.
       */
      to?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
    };
    answer: ProductReport;
  };
  /**
   * Read how long orders take
   */
  reportProcessingTimes: {
    request: {
      /**
       * Orders created at or after; 30 days before `to` by default.
       */
      from?: string;
      /**
       * Orders created before; now by default. At most 366 days after `from`.
       */
      to?: string;
    };
    answer: ProcessingTimesReport;
  };
  /**
   * Read how orders come, hour by hour
   */
  reportHours: {
    request: {
      /**
       * Orders created at or after; a day before `to` by default.
       */
      from?: string;
      /**
       * Orders created before; now by default. At most 7 days after `from`.
       */
      to?: string;
    };
    answer: HoursReport;
  };
  /**
   * Read which steps fail
   */
  reportSteps: {
    request: {
      /**
       * Steps begun at or after; a day before `to` by default.
       */
      from?: string;
      /**
       * Steps begun before; now by default. At most 7 days after `from`.
       */
      to?: string;
    };
    answer: StepsReport;
  };
  /**
   * Read what staff and services did
   */
  listAudit: {
    request: {
      /**
       * An order, by id or order number.
       */
      order_id?: string;
      /**
       * Who did it: the `sub` of their token, or `temporal:` and what they call themselves.
       */
      actor?: string;
      /**
       * Which operation, by its id in this document.
       */
      operation?: string;
      /**
       * Done at or after.
       */
      from?: string;
      /**
       * Done before.
       */
      to?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: AuditPage;
  };
  /**
   * Export what staff and services did
   */
  exportAudit: {
    request: {
      /**
       * An order, by id or order number.
       */
      order_id?: string;
      /**
       * Who did it: the `sub` of their token, or `temporal:` and what they call themselves.
       */
      actor?: string;
      /**
       * Which operation, by its id in this document.
       */
      operation?: string;
      /**
       * Done at or after.
       */
      from?: string;
      /**
       * Done before.
       */
      to?: string;
    };
    answer: ReadableStream<Uint8Array>;
  };
  /**
   * List the workers
   */
  listWorkers: {
    request: {};
    answer: WorkerList;
  };
  /**
   * Import a file of orders
   */
  createImport: {
    request: {
      /**
       * Of orders without one; `IMPORT_CURRENCY` by default.
       */
      currency?: Currency & {
        [k: string]: unknown;
      };
      /**
       * Of orders without one; `IMPORT_PAYMENT_METHOD` by default.
       */
      payment_method?: string;
      /**
       * Of orders without one; `IMPORT_CUSTOMER` by default.
       */
      customer_id?: string;
      /**
       * Of orders without one; `IMPORT_COUNTRY` by default, but not for a file that states addresses.
       */
      country?:
        | 'AD'
        | 'AE'
        | 'AF'
        | 'AG'
        | 'AI'
        | 'AL'
        | 'AM'
        | 'AO'
        | 'AQ'
        | 'AR'
        | 'AS'
        | 'AT'
        | 'AU'
        | 'AW'
        | 'AX'
        | 'AZ'
        | 'BA'
        | 'BB'
        | 'BD'
        | 'BE'
        | 'BF'
        | 'BG'
        | 'BH'
        | 'BI'
        | 'BJ'
        | 'BL'
        | 'BM'
        | 'BN'
        | 'BO'
        | 'BQ'
        | 'BR'
        | 'BS'
        | 'BT'
        | 'BV'
        | 'BW'
        | 'BY'
        | 'BZ'
        | 'CA'
        | 'CC'
        | 'CD'
        | 'CF'
        | 'CG'
        | 'CH'
        | 'CI'
        | 'CK'
        | 'CL'
        | 'CM'
        | 'CN'
        | 'CO'
        | 'CR'
        | 'CU'
        | 'CV'
        | 'CW'
        | 'CX'
        | 'CY'
        | 'CZ'
        | 'DE'
        | 'DJ'
        | 'DK'
        | 'DM'
        | 'DO'
        | 'DZ'
        | 'EC'
        | 'EE'
        | 'EG'
        | 'EH'
        | 'ER'
        | 'ES'
        | 'ET'
        | 'FI'
        | 'FJ'
        | 'FK'
        | 'FM'
        | 'FO'
        | 'FR'
        | 'GA'
        | 'GB'
        | 'GD'
        | 'GE'
        | 'GF'
        | 'GG'
        | 'GH'
        | 'GI'
        | 'GL'
        | 'GM'
        | 'GN'
        | 'GP'
        | 'GQ'
        | 'GR'
        | 'GS'
        | 'GT'
        | 'GU'
        | 'GW'
        | 'GY'
        | 'HK'
        | 'HM'
        | 'HN'
        | 'HR'
        | 'HT'
        | 'HU'
        | 'ID'
        | 'IE'
        | 'IL'
        | 'IM'
        | 'IN'
        | 'IO'
        | 'IQ'
        | 'IR'
        | 'IS'
        | 'IT'
        | 'JE'
        | 'JM'
        | 'JO'
        | 'JP'
        | 'KE'
        | 'KG'
        | 'KH'
        | 'KI'
        | 'KM'
        | 'KN'
        | 'KP'
        | 'KR'
        | 'KW'
        | 'KY'
        | 'KZ'
        | 'LA'
        | 'LB'
        | 'LC'
        | 'LI'
        | 'LK'
        | 'LR'
        | 'LS'
        | 'LT'
        | 'LU'
        | 'LV'
        | 'LY'
        | 'MA'
        | 'MC'
        | 'MD'
        | 'ME'
        | 'MF'
        | 'MG'
        | 'MH'
        | 'MK'
        | 'ML'
        | 'MM'
        | 'MN'
        | 'MO'
        | 'MP'
        | 'MQ'
        | 'MR'
        | 'MS'
        | 'MT'
        | 'MU'
        | 'MV'
        | 'MW'
        | 'MX'
        | 'MY'
        | 'MZ'
        | 'NA'
        | 'NC'
        | 'NE'
        | 'NF'
        | 'NG'
        | 'NI'
        | 'NL'
        | 'NO'
        | 'NP'
        | 'NR'
        | 'NU'
        | 'NZ'
        | 'OM'
        | 'PA'
        | 'PE'
        | 'PF'
        | 'PG'
        | 'PH'
        | 'PK'
        | 'PL'
        | 'PM'
        | 'PN'
        | 'PR'
        | 'PS'
        | 'PT'
        | 'PW'
        | 'PY'
        | 'QA'
        | 'RE'
        | 'RO'
        | 'RS'
        | 'RU'
        | 'RW'
        | 'SA'
        | 'SB'
        | 'SC'
        | 'SD'
        | 'SE'
        | 'SG'
        | 'SH'
        | 'SI'
        | 'SJ'
        | 'SK'
        | 'SL'
        | 'SM'
        | 'SN'
        | 'SO'
        | 'SR'
        | 'SS'
        | 'ST'
        | 'SV'
        | 'SX'
        | 'SY'
        | 'SZ'
        | 'TC'
        | 'TD'
        | 'TF'
        | 'TG'
        | 'TH'
        | 'TJ'
        | 'TK'
        | 'TL'
        | 'TM'
        | 'TN'
        | 'TO'
        | 'TR'
        | 'TT'
        | 'TV'
        | 'TW'
        | 'TZ'
        | 'UA'
        | 'UG'
        | 'UM'
        | 'US'
        | 'UY'
        | 'UZ'
        | 'VA'
        | 'VC'
        | 'VE'
        | 'VG'
        | 'VI'
        | 'VN'
        | 'VU'
        | 'WF'
        | 'WS'
        | 'YE'
        | 'YT'
        | 'ZA'
        | 'ZM'
        | 'ZW';
      /**
       * Of orders without one; by default the system that wrote the file. Orders are known by their reference and source: give each of several shops of one system its own.
       */
      source?: string;
      /**
       * What separates the cells; detected from the header line unless given.
       */
      delimiter?: ',' | ';' | '|' | 'tab' | 'comma' | 'semicolon' | 'pipe';
      /**
       * Reads and checks everything, writes nothing, and answers what the import would be about.
       */
      dry_run?: boolean;
      /**
       * Creates unknown customers or products in their services, where the services allow it: `customers`, `products` or both, separated by a comma. New products have no stock.
       */
      create_missing?: string;
      /**
       * Shown with the import.
       */
      file_name?: string;
      /**
       * The system that wrote the file. `auto`, the default, recognises it by its header; `orders` is our own header, which a file of no known system has.
       */
      preset?:
        | 'auto'
        | 'orders'
        | 'shopify'
        | 'squarespace'
        | 'amazon'
        | 'amazon-unshipped'
        | 'woocommerce'
        | 'woocommerce-webtoffee'
        | 'etsy'
        | 'etsy-orders'
        | 'ebay'
        | 'wix'
        | 'square'
        | 'tiktok'
        | 'magento'
        | 'magento2'
        | 'bigcommerce'
        | 'faire'
        | 'retail'
        | 'superstore';
      /**
       * A preset of your own as JSON, for a system that is not known, or one that `extends` a known one; see docs/presets.md. It takes the place of `preset`.
       */
      preset_file?: string;
      /**
       * By how much the total of an order may differ from its sum; the difference is kept as a fee or a discount. None by default.
       */
      tolerance?: string;
      /**
       * The decimal sign of numbers such as `1,234`, where the file does not show it: `,` if that is one with three decimals, `.` if it is one thousand and more.
       */
      decimal?: '.' | ',';
      /**
       * How dates are written with numbers, where the file does not show it: `DMY`, `MDY`, `DD/MM/YYYY`, …
       */
      date_format?: string;
      /**
       * Of times that state none; UTC by default.
       */
      time_zone?: string;
      /**
       * Whether the prices of the catalogue are taken for lines without one. `file`, the default, refuses their orders.
       */
      prices?: 'file' | 'catalogue';
      /**
       * The header of `order_reference`, unless it is one of: order_reference, order_ref, order_number, order_no, order_id, invoice_no, invoice_number, invoice, order. `-` for none.
       */
      'column.order_reference'?: string;
      /**
       * The header of `sku`, unless it is one of: sku, stock_code, product, product_code, item. `-` for none.
       */
      'column.sku'?: string;
      /**
       * The header of `product_id`, unless it is one of: product_id. `-` for none.
       */
      'column.product_id'?: string;
      /**
       * The header of `variant_id`, unless it is one of: variant_id, variant. `-` for none.
       */
      'column.variant_id'?: string;
      /**
       * The header of `quantity`, unless it is one of: quantity, qty. `-` for none.
       */
      'column.quantity'?: string;
      /**
       * The header of `unit_price`, unless it is one of: unit_price, price. `-` for none.
       */
      'column.unit_price'?: string;
      /**
       * The header of `customer_id`, unless it is one of: customer_id, customer. `-` for none.
       */
      'column.customer_id'?: string;
      /**
       * The header of `customer_name`, unless it is one of: customer_name, buyer_name, customer_full_name. `-` for none.
       */
      'column.customer_name'?: string;
      /**
       * The header of `customer_email`, unless it is one of: customer_email, email, email_address, buyer_email, contact_email. `-` for none.
       */
      'column.customer_email'?: string;
      /**
       * The header of `customer_phone`, unless it is one of: customer_phone, phone, phone_number, telephone, buyer_phone, buyer_phone_number. `-` for none.
       */
      'column.customer_phone'?: string;
      /**
       * The header of `source`, unless it is one of: source. `-` for none.
       */
      'column.source'?: string;
      /**
       * The header of `locale`, unless it is one of: locale. `-` for none.
       */
      'column.locale'?: string;
      /**
       * The header of `currency`, unless it is one of: currency, currency_code. `-` for none.
       */
      'column.currency'?: string;
      /**
       * The header of `payment_method`, unless it is one of: payment_method, payment_token. `-` for none.
       */
      'column.payment_method'?: string;
      /**
       * The header of `coupon_code`, unless it is one of: coupon_code, coupon. `-` for none.
       */
      'column.coupon_code'?: string;
      /**
       * The header of `notes`, unless it is one of: notes, note, comment. `-` for none.
       */
      'column.notes'?: string;
      /**
       * The header of `shipping_method`, unless it is one of: shipping_method. `-` for none.
       */
      'column.shipping_method'?: string;
      /**
       * The header of `name`, unless it is one of: name, recipient, ship_to, shipping_name. `-` for none.
       */
      'column.name'?: string;
      /**
       * The header of `company`, unless it is one of: company, company_name, shipping_company. `-` for none.
       */
      'column.company'?: string;
      /**
       * The header of `line1`, unless it is one of: line1, address_line_1, address_line1, address1, address, street, shipping_line1. `-` for none.
       */
      'column.line1'?: string;
      /**
       * The header of `line2`, unless it is one of: line2, address_line_2, address_line2, address2, shipping_line2. `-` for none.
       */
      'column.line2'?: string;
      /**
       * The header of `city`, unless it is one of: city, town, shipping_city. `-` for none.
       */
      'column.city'?: string;
      /**
       * The header of `region`, unless it is one of: region, state, county, province, shipping_region. `-` for none.
       */
      'column.region'?: string;
      /**
       * The header of `postal_code`, unless it is one of: postal_code, postcode, post_code, zip, zip_code, shipping_postal_code. `-` for none.
       */
      'column.postal_code'?: string;
      /**
       * The header of `country`, unless it is one of: country, country_code, shipping_country. `-` for none.
       */
      'column.country'?: string;
      /**
       * The header of `line3` in another system's file. `-` for none.
       */
      'column.line3'?: string;
      /**
       * The header of `recipient_phone` in another system's file. `-` for none.
       */
      'column.recipient_phone'?: string;
      /**
       * The header of `recipient_email` in another system's file. `-` for none.
       */
      'column.recipient_email'?: string;
      /**
       * The header of `billing_name` in another system's file. `-` for none.
       */
      'column.billing_name'?: string;
      /**
       * The header of `billing_company` in another system's file. `-` for none.
       */
      'column.billing_company'?: string;
      /**
       * The header of `billing_line1` in another system's file. `-` for none.
       */
      'column.billing_line1'?: string;
      /**
       * The header of `billing_line2` in another system's file. `-` for none.
       */
      'column.billing_line2'?: string;
      /**
       * The header of `billing_city` in another system's file. `-` for none.
       */
      'column.billing_city'?: string;
      /**
       * The header of `billing_region` in another system's file. `-` for none.
       */
      'column.billing_region'?: string;
      /**
       * The header of `billing_postal_code` in another system's file. `-` for none.
       */
      'column.billing_postal_code'?: string;
      /**
       * The header of `billing_country` in another system's file. `-` for none.
       */
      'column.billing_country'?: string;
      /**
       * The header of `billing_phone` in another system's file. `-` for none.
       */
      'column.billing_phone'?: string;
      /**
       * The header of `billing_email` in another system's file. `-` for none.
       */
      'column.billing_email'?: string;
      /**
       * The header of `payment_reference` in another system's file. `-` for none.
       */
      'column.payment_reference'?: string;
      /**
       * The header of `carrier` in another system's file. `-` for none.
       */
      'column.carrier'?: string;
      /**
       * The header of `tracking_number` in another system's file. `-` for none.
       */
      'column.tracking_number'?: string;
      /**
       * The header of `cancellation_reason` in another system's file. `-` for none.
       */
      'column.cancellation_reason'?: string;
      /**
       * The header of `state` in another system's file. `-` for none.
       */
      'column.state'?: string;
      /**
       * The header of `payment_state` in another system's file. `-` for none.
       */
      'column.payment_state'?: string;
      /**
       * The header of `tax_basis` in another system's file. `-` for none.
       */
      'column.tax_basis'?: string;
      /**
       * The header of `discount` in another system's file. `-` for none.
       */
      'column.discount'?: string;
      /**
       * The header of `shipping_discount` in another system's file. `-` for none.
       */
      'column.shipping_discount'?: string;
      /**
       * The header of `tax` in another system's file. `-` for none.
       */
      'column.tax'?: string;
      /**
       * The header of `shipping` in another system's file. `-` for none.
       */
      'column.shipping'?: string;
      /**
       * The header of `shipping_with_tax` in another system's file. `-` for none.
       */
      'column.shipping_with_tax'?: string;
      /**
       * The header of `fees` in another system's file. `-` for none.
       */
      'column.fees'?: string;
      /**
       * The header of `fees_with_tax` in another system's file. `-` for none.
       */
      'column.fees_with_tax'?: string;
      /**
       * The header of `total` in another system's file. `-` for none.
       */
      'column.total'?: string;
      /**
       * The header of `refunded` in another system's file. `-` for none.
       */
      'column.refunded'?: string;
      /**
       * The header of `total_after_refunds` in another system's file. `-` for none.
       */
      'column.total_after_refunds'?: string;
      /**
       * The header of `due` in another system's file. `-` for none.
       */
      'column.due'?: string;
      /**
       * The header of `shipped_pieces` in another system's file. `-` for none.
       */
      'column.shipped_pieces'?: string;
      /**
       * The header of `placed_at` in another system's file. `-` for none.
       */
      'column.placed_at'?: string;
      /**
       * The header of `paid_at` in another system's file. `-` for none.
       */
      'column.paid_at'?: string;
      /**
       * The header of `shipped_at` in another system's file. `-` for none.
       */
      'column.shipped_at'?: string;
      /**
       * The header of `delivered_at` in another system's file. `-` for none.
       */
      'column.delivered_at'?: string;
      /**
       * The header of `cancelled_at` in another system's file. `-` for none.
       */
      'column.cancelled_at'?: string;
      /**
       * The header of `product_name` in another system's file. `-` for none.
       */
      'column.product_name'?: string;
      /**
       * The header of `line_state` in another system's file. `-` for none.
       */
      'column.line_state'?: string;
      /**
       * The header of `shipped_quantity` in another system's file. `-` for none.
       */
      'column.shipped_quantity'?: string;
      /**
       * The header of `returned_quantity` in another system's file. `-` for none.
       */
      'column.returned_quantity'?: string;
      /**
       * The header of `cancelled_quantity` in another system's file. `-` for none.
       */
      'column.cancelled_quantity'?: string;
      /**
       * The header of `line_total` in another system's file. `-` for none.
       */
      'column.line_total'?: string;
      /**
       * The header of `line_discount` in another system's file. `-` for none.
       */
      'column.line_discount'?: string;
      /**
       * The header of `line_tax` in another system's file. `-` for none.
       */
      'column.line_tax'?: string;
      /**
       * The header of `line_shipping` in another system's file. `-` for none.
       */
      'column.line_shipping'?: string;
      /**
       * The header of `line_shipping_discount` in another system's file. `-` for none.
       */
      'column.line_shipping_discount'?: string;
      /**
       * The header of `line_fees` in another system's file. `-` for none.
       */
      'column.line_fees'?: string;
      /**
       * The header of `line_refunded` in another system's file. `-` for none.
       */
      'column.line_refunded'?: string;
      /**
       * The header of `line_tax_rate` in another system's file. `-` for none.
       */
      'column.line_tax_rate'?: string;
      /**
       * The header of `line_shipped_at` in another system's file. `-` for none.
       */
      'column.line_shipped_at'?: string;
      /**
       * `new` places the orders. `history` takes them in as they stood, with their dates and states: nothing is charged, reserved or told. What is paid and not shipped goes on as a confirmed order, whose payment is `external`.
       */
      mode?: 'new' | 'history';
      /**
       * In `history`: what becomes of orders that were neither paid nor shipped. `wait`, the default: each waits until staff resolves its `chargePayment` once it is paid; `cancel`: they are cancelled.
       */
      unpaid?: 'wait' | 'cancel';
      /**
       * In `history`: `true` takes the goods of orders that are not shipped out of stock; an order whose goods are not there is refused.
       */
      take_stock?: 'true' | 'false';
      body: string | ReadableStream<Uint8Array>;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
        /**
         * `text/csv` unless given; with a `charset` when it is not that of Unicode.
         */
        'Content-Type'?: string;
      };
    };
    answer: ImportDryRun | Import;
  };
  /**
   * List imports
   */
  listImports: {
    request: {
      /**
       * Imports that have this status.
       */
      status?: 'RUNNING' | 'PAUSED' | 'CANCELLED' | 'COMPLETED';
      /**
       * Sent at or after.
       */
      from?: string;
      /**
       * Sent before.
       */
      to?: string;
      /**
       * Only imports with orders that failed, as long as the rows of those are kept.
       */
      has_failed?: boolean;
      /**
       * Only imports that somebody has acknowledged; with false only the others.
       */
      acknowledged?: boolean;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: ImportPage;
  };
  /**
   * See how far an import has come
   */
  getImport: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
    };
    answer: Import;
  };
  /**
   * Download the rows that failed
   */
  getImportErrors: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
    };
    answer: ReadableStream<Uint8Array>;
  };
  /**
   * Pause an import
   */
  pauseImport: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
      body?: ImportCommand;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Import;
  };
  /**
   * Go on with a paused import
   */
  resumeImport: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
      body?: ImportCommand;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Import;
  };
  /**
   * Cancel an import
   */
  cancelImport: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
      body?: ImportCommand;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Import;
  };
  /**
   * Acknowledge what failed of an import
   */
  acknowledgeImport: {
    request: {
      /**
       * The id of the import, as the answer to its upload has it.
       */
      id: string;
      body?: ImportCommand;
    };
    answer: Import;
  };
  /**
   * Say what became of a reservation
   */
  receiveInventoryWebhook: {
    request: {
      body: InventoryWebhook;
      headers: {
        /**
         * The same whenever this message is sent.
         */
        'webhook-id': string;
        /**
         * Seconds since 1970 at which it was signed.
         */
        'webhook-timestamp': string;
        /**
         * `v1,` and the signature in base64; several with spaces.
         */
        'webhook-signature': string;
      };
    };
    answer: WebhookReceipt;
  };
  /**
   * Say that a shipment has arrived
   */
  receiveShippingWebhook: {
    request: {
      body: ShippingWebhook;
      headers: {
        /**
         * The same whenever this message is sent.
         */
        'webhook-id': string;
        /**
         * Seconds since 1970 at which it was signed.
         */
        'webhook-timestamp': string;
        /**
         * `v1,` and the signature in base64; several with spaces.
         */
        'webhook-signature': string;
      };
    };
    answer: WebhookReceipt;
  };
  /**
   * Say that something has happened at Stripe
   */
  receiveStripeWebhook: {
    request: {
      body: StripeEvent;
    };
    answer: StripeReceipt;
  };
  /**
   * Read what the customer was told
   */
  listOrderNotifications: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
    };
    answer: {
      data: Notification[];
      next_cursor: null;
    };
  };
  /**
   * Tell the customer again
   */
  notifyCustomer: {
    request: {
      /**
       * The order's id or order number.
       */
      id: string;
      body: NotificationRequest;
      headers?: {
        /**
         * The same key and body bring the same order and answer, however often they are sent.
         */
        'Idempotency-Key'?: string;
      };
    };
    answer: Notification;
  };
  /**
   * List messages to customers
   */
  listNotifications: {
    request: {
      /**
       * `PENDING`: it is to be sent, or sent again. `SENT`. `FAILED`: it could not be sent, and waits for a decision. `SKIPPED`: it was not true any more when it was to go, there was nobody to send it to, or somebody dropped it; `last_error` says why.
       */
      state?: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED';
      /**
       * What the customer is told.
       */
      type?:
        | 'ORDER_CONFIRMED'
        | 'PAYMENT_FAILED'
        | 'PAYMENT_ACTION_REQUIRED'
        | 'ORDER_SHIPPED'
        | 'ORDER_DELIVERED'
        | 'ORDER_CANCELLED'
        | 'ORDER_REFUNDED'
        | 'RETURN_RECEIVED';
      /**
       * Of which order.
       */
      order_id?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: NotificationPage;
  };
  /**
   * Send messages again that failed
   */
  retryNotifications: {
    request: {
      body: FailedNotificationsRequest;
    };
    answer: DecidedNotifications;
  };
  /**
   * Drop messages that failed
   */
  skipNotifications: {
    request: {
      body: FailedNotificationsRequest;
    };
    answer: DecidedNotifications;
  };
  /**
   * List events of other services
   */
  listInboxEvents: {
    request: {
      /**
       * `DEAD`: those that wait for an operator.
       */
      state?: 'RECEIVED' | 'APPLIED' | 'WAITING' | 'DEAD' | 'IGNORED';
      /**
       * Who sent it.
       */
      source?: string;
      /**
       * What it tells.
       */
      type?: string;
      /**
       * Of which order.
       */
      order_id?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: InboxEventPage;
  };
  /**
   * Try dead letters again
   */
  retryInboxEvents: {
    request: {
      body: DeadEventsRequest;
    };
    answer: DecidedDeadEvents;
  };
  /**
   * Drop dead letters
   */
  skipInboxEvents: {
    request: {
      body: DeadEventsRequest;
    };
    answer: DecidedDeadEvents;
  };
  /**
   * Make a webhook endpoint
   */
  createWebhookEndpoint: {
    request: {
      body: WebhookEndpointRequest;
    };
    answer: WebhookEndpointWithSecret;
  };
  /**
   * List webhook endpoints
   */
  listWebhookEndpoints: {
    request: {
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before.
       */
      cursor?: string;
    };
    answer: WebhookEndpointPage;
  };
  /**
   * Read a webhook endpoint
   */
  getWebhookEndpoint: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
    };
    answer: WebhookEndpoint;
  };
  /**
   * Change a webhook endpoint
   */
  changeWebhookEndpoint: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
      body: WebhookEndpointChanges;
    };
    answer: WebhookEndpoint;
  };
  /**
   * Remove a webhook endpoint
   */
  deleteWebhookEndpoint: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
    };
    answer: WebhookEndpoint;
  };
  /**
   * Give a webhook endpoint a new secret
   */
  rotateWebhookSecret: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
    };
    answer: WebhookEndpointWithSecret;
  };
  /**
   * Read what was sent to a webhook endpoint
   */
  listWebhookDeliveries: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
      /**
       * Only deliveries in this state.
       */
      state?: 'PENDING' | 'DELIVERED' | 'DEAD' | 'SKIPPED';
      /**
       * Only events of this type.
       */
      type?:
        | 'order.created'
        | 'order.pending'
        | 'order.confirmed'
        | 'order.processing'
        | 'order.shipped'
        | 'order.delivered'
        | 'order.returned'
        | 'order.refunded'
        | 'order.payment_failed'
        | 'order.cancelled'
        | 'order.edited'
        | 'order.amended'
        | 'order.out_of_stock'
        | 'order.partly_shipped'
        | 'order.shipment_corrected'
        | 'order.return_opened'
        | 'order.return_refunded'
        | 'order.return_unrefunded'
        | 'order.return_rejected'
        | 'order.refund_opened'
        | 'order.refund_made'
        | 'order.refund_rejected'
        | 'order.needs_attention'
        | 'order.updated'
        | 'payment.processed'
        | 'payment.failed'
        | 'payment.refunded'
        | 'webhook_endpoint.disabled';
      /**
       * Only events of this order.
       */
      order_id?: string;
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before.
       */
      cursor?: string;
    };
    answer: WebhookDeliveryPage;
  };
  /**
   * Send one event to a webhook endpoint again
   */
  redeliverWebhook: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
      /**
       * The event's id.
       */
      event_id: string;
    };
    answer: WebhookDelivery;
  };
  /**
   * Send a webhook endpoint everything again since a time
   */
  redeliverWebhooks: {
    request: {
      /**
       * The endpoint's id.
       */
      id: string;
      body: WebhookRedeliveryRequest;
    };
    answer: WebhookRedelivery;
  };
  /**
   * List deliveries of events
   */
  listEvents: {
    request: {
      /**
       * The sink: `webhooks` for all webhook endpoints, `webhook:` and its id for one of them.
       */
      sink?: string;
      /**
       * The id of the order that the event is about.
       */
      order_id?: string;
      /**
       * The id of the event.
       */
      event_id?: string;
      /**
       * The type of the event.
       */
      type?: string;
      /**
       * Those whose delivery began at or after this moment.
       */
      since?: string;
      /**
       * `PENDING`: it is tried again, or waits behind an earlier event of its order. `DELIVERED`. `DEAD`: a dead letter, rejected for the last time. `SKIPPED`: an operator decided that the sink never gets it.
       */
      state?: 'PENDING' | 'DELIVERED' | 'DEAD' | 'SKIPPED';
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before, with the same filters.
       */
      cursor?: string;
    };
    answer: EventDeliveryPage;
  };
  /**
   * List the sinks of events
   */
  listEventSinks: {
    request: {};
    answer: EventSinkList;
  };
  /**
   * Forget a sink of events
   */
  forgetEventSink: {
    request: {
      body: ForgetEventSink;
    };
    answer: ForgottenEventSink;
  };
  /**
   * Send events again
   */
  retryEvents: {
    request: {
      body: EventDecision;
    };
    answer: EventDecisionOutcome;
  };
  /**
   * Give up events
   */
  skipEvents: {
    request: {
      body: EventDecision;
    };
    answer: EventDecisionOutcome;
  };
  /**
   * Make or replace a coupon
   */
  putCoupon: {
    request: {
      /**
       * In whatever case.
       */
      code: string;
      body: CouponRequest;
    };
    answer: Coupon;
  };
  /**
   * Read a coupon
   */
  getCoupon: {
    request: {
      /**
       * In whatever case.
       */
      code: string;
    };
    answer: Coupon;
  };
  /**
   * List coupons
   */
  listCoupons: {
    request: {
      /**
       * How many entries the answer has at most.
       */
      limit?: number;
      /**
       * `next_cursor` of the page before.
       */
      cursor?: string;
    };
    answer: CouponPage;
  };
}
export interface OrderRequest {
  /**
   * Required unless the token is a customer's own.
   */
  customer_id?: string;
  customer_name?: string;
  /**
   * Where messages about the order go.
   */
  customer_email?: string;
  customer_phone?: string;
  /**
   * The shop's own number of the order.
   */
  reference?: string;
  /**
   * Where the order comes from.
   */
  source?: string;
  /**
   * The language of messages to the customer (BCP 47).
   */
  locale?: string;
  currency: Currency;
  /**
   * @minItems 1
   * @maxItems 50
   */
  items: OrderItemRequest[];
  shipping_address: Address;
  /**
   * Leave it out, or empty, to bill where it is shipped to.
   */
  billing_address?:
    | Address
    | {
        [k: string]: unknown;
      };
  /**
   * `standard` unless given.
   */
  shipping_method?: string;
  /**
   * Refused when the coupon does not apply.
   */
  coupon_code?: string;
  notes?: string;
  metadata?: {
    [k: string]: string;
  };
  payment_method?: string;
  /**
   * Several payment methods instead of one, in order of use: the amounts add up to the total. Refunds go back in the reverse order.
   *
   * @minItems 1
   * @maxItems 5
   */
  payment_methods?: MethodAmount[];
}
export interface OrderItemRequest {
  sku?: string;
  product_id?: string;
  /**
   * The variant of the product, as the shop names it.
   */
  variant_id?: string;
  quantity: number;
  /**
   * The catalogue's price unless given.
   */
  unit_price?: string;
}
export interface Address {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  /**
   * Required where the country has postal codes.
   */
  postal_code?: string;
  country:
    | 'AD'
    | 'AE'
    | 'AF'
    | 'AG'
    | 'AI'
    | 'AL'
    | 'AM'
    | 'AO'
    | 'AQ'
    | 'AR'
    | 'AS'
    | 'AT'
    | 'AU'
    | 'AW'
    | 'AX'
    | 'AZ'
    | 'BA'
    | 'BB'
    | 'BD'
    | 'BE'
    | 'BF'
    | 'BG'
    | 'BH'
    | 'BI'
    | 'BJ'
    | 'BL'
    | 'BM'
    | 'BN'
    | 'BO'
    | 'BQ'
    | 'BR'
    | 'BS'
    | 'BT'
    | 'BV'
    | 'BW'
    | 'BY'
    | 'BZ'
    | 'CA'
    | 'CC'
    | 'CD'
    | 'CF'
    | 'CG'
    | 'CH'
    | 'CI'
    | 'CK'
    | 'CL'
    | 'CM'
    | 'CN'
    | 'CO'
    | 'CR'
    | 'CU'
    | 'CV'
    | 'CW'
    | 'CX'
    | 'CY'
    | 'CZ'
    | 'DE'
    | 'DJ'
    | 'DK'
    | 'DM'
    | 'DO'
    | 'DZ'
    | 'EC'
    | 'EE'
    | 'EG'
    | 'EH'
    | 'ER'
    | 'ES'
    | 'ET'
    | 'FI'
    | 'FJ'
    | 'FK'
    | 'FM'
    | 'FO'
    | 'FR'
    | 'GA'
    | 'GB'
    | 'GD'
    | 'GE'
    | 'GF'
    | 'GG'
    | 'GH'
    | 'GI'
    | 'GL'
    | 'GM'
    | 'GN'
    | 'GP'
    | 'GQ'
    | 'GR'
    | 'GS'
    | 'GT'
    | 'GU'
    | 'GW'
    | 'GY'
    | 'HK'
    | 'HM'
    | 'HN'
    | 'HR'
    | 'HT'
    | 'HU'
    | 'ID'
    | 'IE'
    | 'IL'
    | 'IM'
    | 'IN'
    | 'IO'
    | 'IQ'
    | 'IR'
    | 'IS'
    | 'IT'
    | 'JE'
    | 'JM'
    | 'JO'
    | 'JP'
    | 'KE'
    | 'KG'
    | 'KH'
    | 'KI'
    | 'KM'
    | 'KN'
    | 'KP'
    | 'KR'
    | 'KW'
    | 'KY'
    | 'KZ'
    | 'LA'
    | 'LB'
    | 'LC'
    | 'LI'
    | 'LK'
    | 'LR'
    | 'LS'
    | 'LT'
    | 'LU'
    | 'LV'
    | 'LY'
    | 'MA'
    | 'MC'
    | 'MD'
    | 'ME'
    | 'MF'
    | 'MG'
    | 'MH'
    | 'MK'
    | 'ML'
    | 'MM'
    | 'MN'
    | 'MO'
    | 'MP'
    | 'MQ'
    | 'MR'
    | 'MS'
    | 'MT'
    | 'MU'
    | 'MV'
    | 'MW'
    | 'MX'
    | 'MY'
    | 'MZ'
    | 'NA'
    | 'NC'
    | 'NE'
    | 'NF'
    | 'NG'
    | 'NI'
    | 'NL'
    | 'NO'
    | 'NP'
    | 'NR'
    | 'NU'
    | 'NZ'
    | 'OM'
    | 'PA'
    | 'PE'
    | 'PF'
    | 'PG'
    | 'PH'
    | 'PK'
    | 'PL'
    | 'PM'
    | 'PN'
    | 'PR'
    | 'PS'
    | 'PT'
    | 'PW'
    | 'PY'
    | 'QA'
    | 'RE'
    | 'RO'
    | 'RS'
    | 'RU'
    | 'RW'
    | 'SA'
    | 'SB'
    | 'SC'
    | 'SD'
    | 'SE'
    | 'SG'
    | 'SH'
    | 'SI'
    | 'SJ'
    | 'SK'
    | 'SL'
    | 'SM'
    | 'SN'
    | 'SO'
    | 'SR'
    | 'SS'
    | 'ST'
    | 'SV'
    | 'SX'
    | 'SY'
    | 'SZ'
    | 'TC'
    | 'TD'
    | 'TF'
    | 'TG'
    | 'TH'
    | 'TJ'
    | 'TK'
    | 'TL'
    | 'TM'
    | 'TN'
    | 'TO'
    | 'TR'
    | 'TT'
    | 'TV'
    | 'TW'
    | 'TZ'
    | 'UA'
    | 'UG'
    | 'UM'
    | 'US'
    | 'UY'
    | 'UZ'
    | 'VA'
    | 'VC'
    | 'VE'
    | 'VG'
    | 'VI'
    | 'VN'
    | 'VU'
    | 'WF'
    | 'WS'
    | 'YE'
    | 'YT'
    | 'ZA'
    | 'ZM'
    | 'ZW';
  company?: string;
  phone?: string;
  email?: string;
}
export interface MethodAmount {
  method: string;
  /**
   * More than 0.
   */
  amount: string;
}
export interface Order {
  id: string;
  order_number: string;
  customer_id: string;
  customer_name: string | null;
  customer_email: string | null;
  customer_phone: string | null;
  reference: string | null;
  source: string | null;
  locale: string | null;
  status: OrderStatus;
  payment_status: PaymentStatus;
  saga_state: SagaState;
  currency: string;
  items: OrderItem[];
  subtotal: Money;
  discount: Money;
  tax: Money;
  /**
   * Whether the prices hold the tax already: `total` adds none then.
   */
  tax_included: boolean;
  shipping: Money;
  fees: Money & {
    [k: string]: unknown;
  };
  total: Money;
  refunded_amount: Money;
  refund_due: Money & {
    [k: string]: unknown;
  };
  /**
   * Masked. Of several payment methods the last one, which also pays what amendments add.
   */
  payment_method: string;
  /**
   * The payment methods of an order that is paid with several, masked and in order of use, as they were given last.
   */
  payment_methods: PaidMethod[] | null;
  payment: OrderPayment;
  shipping_address: PostalAddress;
  billing_address: PostalAddress | null;
  shipping_method: string | null;
  coupon_code: string | null;
  notes: string | null;
  metadata: {
    [k: string]: string;
  };
  tracking: {
    carrier: string | null;
    number: string | null;
  } | null;
  reservation_id: string | null;
  payment_id: string | null;
  cancellation_reason: string | null;
  batch_id: string | null;
  payment_retry_until: string | null;
  next_action:
    | {
        type: 'redirect';
        url: string;
      }
    | {
        type: 'use_sdk';
        client_secret: string;
      }
    | null;
  /**
   * Until when the customer may do what `next_action` says; the payment has failed then, and nothing is taken.
   */
  payment_action_until: string | null;
  /**
   * Until when an order whose goods ran out may be amended before it is cancelled.
   */
  amend_until: string | null;
  /**
   * Why the order did not go through.
   */
  failure: {
    code: 'ORD002' | 'ORD003' | 'ORD007';
    message: string;
    details: {
      [k: string]: string | number;
    }[];
  } | null;
  version: number;
  created_at: string;
  updated_at: string;
  confirmed_at: string | null;
  processing_at: string | null;
  shipped_at: string | null;
  delivered_at: string | null;
  cancelled_at: string | null;
  returned_at: string | null;
  refunded_at: string | null;
}
export interface OrderItem {
  id: string;
  product_id: string;
  sku: string;
  name: string;
  variant_id: string | null;
  unit_price: Money;
  quantity: number;
  shipped_quantity: number;
  returned_quantity: number;
  total: Money & {
    [k: string]: unknown;
  };
  discount: Money & {
    [k: string]: unknown;
  };
  /**
   * The line whose quantity was raised when the price was another one; the units that were added are this line. Setting that line's quantity, or removing it, means both.
   */
  split_from: string | null;
}
export interface PaidMethod {
  method: string;
  amount: Money;
}
export interface OrderPayment {
  /**
   * `external`: taken in from another system, where it was paid or is to be paid; what goes back goes back by hand.
   */
  provider: 'payment_service' | 'external';
}
export interface PostalAddress {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postal_code?: string;
  country: string;
  company?: string;
  phone?: string;
  email?: string;
}
export interface OrderPage {
  data: Order[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
export interface QuoteRequest {
  /**
   * Required unless the token is a customer's own.
   */
  customer_id?: string;
  customer_name?: string;
  /**
   * Where messages about the order go.
   */
  customer_email?: string;
  customer_phone?: string;
  /**
   * The shop's own number of the order.
   */
  reference?: string;
  /**
   * Where the order comes from.
   */
  source?: string;
  /**
   * The language of messages to the customer (BCP 47).
   */
  locale?: string;
  currency: Currency;
  /**
   * @minItems 1
   * @maxItems 50
   */
  items: OrderItemRequest[];
  shipping_address: Address;
  /**
   * Leave it out, or empty, to bill where it is shipped to.
   */
  billing_address?:
    | Address
    | {
        [k: string]: unknown;
      };
  /**
   * `standard` unless given.
   */
  shipping_method?: string;
  /**
   * Refused when the coupon does not apply.
   */
  coupon_code?: string;
  notes?: string;
  metadata?: {
    [k: string]: string;
  };
  payment_method?: string;
  /**
   * Several payment methods instead of one, in order of use: the amounts add up to the total. Refunds go back in the reverse order.
   *
   * @minItems 1
   * @maxItems 5
   */
  payment_methods?: MethodAmount[];
}
export interface Quote {
  customer_id: string;
  currency: string;
  /**
   * Whether nothing would be refused.
   */
  acceptable: boolean;
  items: QuotedItem[];
  /**
   * This and the other amounts are null while a line cannot be sold.
   */
  subtotal: Money | null;
  discount: Money | null;
  tax: Money | null;
  shipping: Money | null;
  total: Money | null;
  shipping_method: string;
  /**
   * Every reason for which the order would be refused, with the codes of `POST /orders`.
   */
  refusals: QuoteRefusal[];
}
export interface QuotedItem {
  sku: string | null;
  product_id: string | null;
  variant_id: string | null;
  name: string | null;
  quantity: number;
  /**
   * Null when the line cannot be sold.
   */
  unit_price: Money | null;
  total: Money | null;
  /**
   * Its share of the order's discount.
   */
  discount: Money | null;
  /**
   * Units in stock just now; null when that is not known.
   */
  available: number | null;
}
export interface QuoteRefusal {
  code:
    | 'VALIDATION'
    | 'ORD001'
    | 'ORD002'
    | 'ORD003'
    | 'ORD004'
    | 'ORD005'
    | 'ORD006'
    | 'ORD007'
    | 'VERSION_CONFLICT'
    | 'PRICE_CHANGED'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'FORBIDDEN'
    | 'RATE_LIMITED'
    | 'NOT_FOUND';
  message: string;
  details: {
    [k: string]: unknown;
  }[];
}
export interface OrderBatch {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  orders: (OrderRequest & {
    /**
     * Your own name of the order: sent again, it is placed again only if it had failed.
     */
    order_reference?: string;
  })[];
}
export interface Import {
  /**
   * Also the `batch_id` of its orders.
   */
  id: string;
  kind: 'csv' | 'batch';
  /**
   * `new`: its orders are placed; `history`: they are taken in as they stood.
   */
  mode: 'new' | 'history';
  status: 'RUNNING' | 'PAUSED' | 'CANCELLED' | 'COMPLETED';
  file_name: string | null;
  /**
   * Lines of the file; of a batch, its orders.
   */
  rows: number;
  /**
   * Orders: the sum of the next five.
   */
  total: number;
  /**
   * Not placed yet, or placed and their saga still running.
   */
  pending: number;
  /**
   * Placed and confirmed; with `history`, taken in.
   */
  confirmed: number;
  /**
   * Refused, out of stock, or not paid: see `errors_url`.
   */
  failed: number;
  /**
   * Placed by an earlier import under the same reference, and left as they are.
   */
  repeated: number;
  /**
   * Not placed because the import was cancelled.
   */
  cancelled: number;
  /**
   * Orders that this import has placed, whatever their outcome.
   */
  placed: number;
  /**
   * Rows at `errors_url` so far.
   */
  error_count: number;
  errors_url: string;
  /**
   * The system that wrote the file, as `preset=` names it; `orders` for our own header, null for a batch.
   */
  recognised: string | null;
  /**
   * The headers that each field was taken from.
   */
  columns: {
    [k: string]: string[];
  };
  /**
   * How another system's file writes numbers and dates, as it shows itself or the caller has said: the decimal sign, the order of day, month and year, and the zone of times that state none. Null for our own header.
   */
  conventions: {
    decimal: '.' | ',' | 'mixed' | null;
    dates: 'DMY' | 'MDY' | 'YMD' | 'mixed' | null;
    time_zone: string;
  } | null;
  created_by: string;
  created_at: string;
  /**
   * When its last order was settled.
   */
  completed_at: string | null;
  /**
   * When somebody has seen to what failed.
   */
  acknowledged_at: string | null;
  acknowledged_by: string | null;
}
export interface CancelRequest {
  reason?: string;
}
export interface OrderEdit {
  /**
   * Null removes it.
   */
  customer_name?: string | null;
  /**
   * Null removes it.
   */
  customer_email?: string | null;
  /**
   * Null removes it.
   */
  customer_phone?: string | null;
  /**
   * The shop's own number of the order. Null removes it.
   */
  reference?: string | null;
  /**
   * The language of messages (BCP 47). Null removes it.
   */
  locale?: string | null;
  shipping_address?: Address;
  /**
   * Null bills where it is shipped to.
   */
  billing_address?: Address | null;
  /**
   * Null removes them.
   */
  notes?: string | null;
}
export interface OrderReplacement {
  /**
   * Null removes it.
   */
  customer_name: string | null;
  /**
   * Null removes it.
   */
  customer_email: string | null;
  /**
   * Null removes it.
   */
  customer_phone: string | null;
  /**
   * The shop's own number of the order. Null removes it.
   */
  reference: string | null;
  /**
   * The language of messages (BCP 47). Null removes it.
   */
  locale: string | null;
  shipping_address: Address;
  /**
   * Null bills where it is shipped to.
   */
  billing_address: Address | null;
  /**
   * Null removes them.
   */
  notes: string | null;
}
export interface OrderDetails {
  order: Order;
  history: OrderChange[];
  steps: SagaStep[];
  payments: PaymentTransaction[];
  shipments: Shipment[];
  returns: Return[];
  refunds: Refund[];
  messages: Notification[];
  notes: OrderNote[];
  disputes: Dispute[];
  reviews: OrderReview[];
  stall: OrderStall;
}
export interface OrderChange {
  version: number;
  from: OrderStatus | null;
  to: OrderStatus;
  /**
   * What changed; all but STATUS leave the status as it is. PARKED: a step of the saga waits for an operator, who then has it RETRIED, SKIPPED or RESOLVED. TERMINATED, RESUMED: its workflow was ended by force, or taken over by the reconciler. NOTIFICATION: the customer could not be notified. REVIEW, REVIEWED: what a review said and what a person decided, with the reasons; only staff are shown those.
   */
  change:
    | 'STATUS'
    | 'DETAILS'
    | 'ITEMS'
    | 'SHIPMENT'
    | 'RETURN'
    | 'REFUND'
    | 'SHORTAGE'
    | 'PARKED'
    | 'RETRIED'
    | 'SKIPPED'
    | 'RESOLVED'
    | 'TERMINATED'
    | 'RESUMED'
    | 'NOTIFICATION'
    | 'DISPUTE'
    | 'REVIEW'
    | 'REVIEWED';
  /**
   * The step of the saga that it is about.
   */
  step: string | null;
  actor: string;
  reason: string | null;
  at: string;
}
export interface SagaStep {
  /**
   * `create`, or which amendment or return.
   */
  saga: string;
  step: string;
  kind: 'do' | 'undo';
  state: 'RUNNING' | 'DONE' | 'REFUSED' | 'FAILED' | 'SKIPPED' | 'RESOLVED' | 'INTERRUPTED';
  attempts: number;
  last_error: string | null;
  actor: string;
  started_at: string;
  updated_at: string;
}
export interface PaymentTransaction {
  /**
   * AUTHORIZATION: money that is held; what was taken of it are charges with the same `payment_id`. REFUND_FAILURE: a refund on record has not reached the customer, and this much of it is back.
   */
  kind: 'CHARGE' | 'REFUND' | 'AUTHORIZATION' | 'REFUND_FAILURE';
  /**
   * Of an authorization: AUTHORIZED, VOIDED once it was released, EXPIRED once it holds nothing any more. Of a refund failure: FAILED.
   */
  status: 'CAPTURED' | 'DECLINED' | 'REFUNDED' | 'AUTHORIZED' | 'VOIDED' | 'EXPIRED' | 'FAILED';
  payment_id: string | null;
  amount: Money;
  currency: string;
  /**
   * Masked.
   */
  payment_method: string;
  decline_code: string | null;
  /**
   * EXTERNAL: money that moved outside the payment service, as an operator has recorded.
   */
  provider: 'PAYMENT_SERVICE' | 'EXTERNAL';
  /**
   * Of an EXTERNAL one: what finds it.
   */
  reference: string | null;
  /**
   * Of an EXTERNAL one: why it moved there.
   */
  reason: string | null;
  /**
   * Of an EXTERNAL one: who recorded it.
   */
  actor: string | null;
  /**
   * For staff: what the payment service kept of it for itself, once it is known; a decimal amount.
   */
  fee: string | null;
  at: string;
}
export interface Shipment {
  id: string;
  items: ItemQuantity[];
  carrier: string | null;
  tracking_number: string | null;
  actor: string;
  reason: string | null;
  shipped_at: string;
}
export interface ItemQuantity {
  item_id: string;
  quantity: number;
}
export interface Return {
  id: string;
  state: 'OPEN' | 'RESTOCKED' | 'REFUNDED' | 'UNREFUNDED' | 'REJECTED';
  items: ItemQuantity[];
  refund_amount: Money;
  actor: string;
  reason: string;
  created_at: string;
  ended_at: string | null;
}
export interface Refund {
  id: string;
  state: 'OPEN' | 'REFUNDED' | 'REJECTED';
  amount: Money;
  refunded_amount: Money & {
    [k: string]: unknown;
  };
  notify: boolean;
  actor: string;
  reason: string;
  created_at: string;
  ended_at: string | null;
}
export interface Notification {
  /**
   * It is sent once under this key.
   */
  key: string;
  /**
   * What the customer is told.
   */
  type:
    | 'ORDER_CONFIRMED'
    | 'PAYMENT_FAILED'
    | 'PAYMENT_ACTION_REQUIRED'
    | 'ORDER_SHIPPED'
    | 'ORDER_DELIVERED'
    | 'ORDER_CANCELLED'
    | 'ORDER_REFUNDED'
    | 'RETURN_RECEIVED';
  /**
   * `PENDING`: it is to be sent, or sent again. `SENT`. `FAILED`: it could not be sent, and waits for a decision. `SKIPPED`: it was not true any more when it was to go, there was nobody to send it to, or somebody dropped it; `last_error` says why.
   */
  state: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED';
  attempts: number;
  /**
   * Why it is not sent.
   */
  last_error: string | null;
  /**
   * The e-mail address, masked; null before it was tried, and where the notification service finds the address by itself.
   */
  recipient: string | null;
  /**
   * What it says, once it was tried; null before, and for what the saga sends.
   */
  content?: {
    [k: string]: unknown;
  };
  /**
   * Who asked for it, or decided about it.
   */
  requested_by: string | null;
  created_at: string;
  next_attempt_at: string | null;
  sent_at: string | null;
}
export interface OrderNote {
  id: string;
  text: string;
  author: string;
  at: string;
}
export interface Dispute {
  id: string;
  state: 'OPEN' | 'WON' | 'LOST';
  amount: Money;
  currency: string;
  reason: string | null;
  respond_by: string | null;
}
export interface OrderReview {
  /**
   * The idempotency key by which it was asked for.
   */
  key: string;
  occasion: 'placed' | 'payment_retried' | 'amended';
  /**
   * null while there is none yet.
   */
  verdict: ('approve' | 'review' | 'reject') | null;
  reasons: string[];
  /**
   * Until when a person may decide; null when none has to.
   */
  decide_until: string | null;
  decision: ('approve' | 'reject') | null;
  decided_by: string | null;
  decision_reason: string | null;
  decided_at: string | null;
  at: string;
}
export interface OrderStatusReport {
  id: string;
  order_number: string;
  status: OrderStatus;
  payment_status: PaymentStatus;
  saga_state: SagaState;
  version: number;
  /**
   * What may follow.
   */
  allowed: OrderStatus[];
  updated_at: string;
}
export interface StatusRequest {
  status:
    | 'PENDING'
    | 'CONFIRMED'
    | 'PROCESSING'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'RETURNED'
    | 'REFUNDED'
    | 'PAYMENT_FAILED'
    | 'CANCELLED';
  reason: string;
  /**
   * How the goods travel; a text is the number.
   */
  tracking?: TrackingRequest | string;
  /**
   * With SHIPPED: what leaves with this shipment. The order becomes SHIPPED when nothing is left.
   *
   * @minItems 1
   * @maxItems 1000
   */
  items?: ItemQuantityRequest[];
}
export interface TrackingRequest {
  carrier?: string;
  number?: string;
}
export interface ItemQuantityRequest {
  item_id: string;
  quantity: number;
}
export interface QuantityRequest {
  quantity: number;
}
export interface ReturnRequest {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  items: ItemQuantityRequest[];
  reason: string;
}
export interface RefundRequest {
  /**
   * More than 0, with no more decimals than the order's currency has.
   */
  amount: string;
  reason: string;
  /**
   * Whether the customer is sent a message.
   */
  notify?: boolean;
}
export interface CloseDisputeRequest {
  dispute_id: string;
  /**
   * `won`: the payment stays. `lost`: the amount went back to the customer.
   */
  outcome: 'won' | 'lost';
  reason: string;
}
export interface ShipmentCorrection {
  /**
   * Null removes it.
   */
  carrier?: string | null;
  /**
   * Null removes it.
   */
  tracking_number?: string | null;
  reason?: string;
}
export interface OrderNoteRequest {
  text: string;
}
export interface PaymentRequest {
  payment_method?: string;
  /**
   * Several payment methods instead of one, in order of use: the amounts add up to the total. Refunds go back in the reverse order.
   *
   * @minItems 1
   * @maxItems 5
   */
  payment_methods?: MethodAmount[];
}
export interface ReviewDecision {
  /**
   * `approve` lets the order be paid and confirmed; `reject` cancels it. The customer is not told why.
   */
  decision: 'approve' | 'reject';
  reason: string;
}
export interface SagaLedger {
  data: SagaStep[];
  next_cursor: null;
  saga_state: SagaState;
  stall: OrderStall;
}
export interface StepResolution {
  /**
   * `retry` runs it again, `skip` gives it up, `resolve` says that it was done by hand; a charge or refund is then recorded as EXTERNAL.
   */
  action: 'retry' | 'skip' | 'resolve';
  reason: string;
  /**
   * With `resolve`: what finds the money that was moved by hand.
   */
  reference?: string;
}
export interface WaitingOrderPage {
  data: WaitingOrder[];
  next_cursor: string | null;
}
export interface WaitingOrder {
  order_id: string;
  order_number: string;
  status: OrderStatus;
  saga_state: SagaState;
  /**
   * Null when it waits in none.
   */
  step:
    | 'reserveInventory'
    | 'reviewOrder'
    | 'chargePayment'
    | 'authorizePayment'
    | 'capturePayment'
    | 'confirmOrder'
    | 'notifyCustomer'
    | 'amendReservation'
    | 'reviewAmendment'
    | 'chargeDifference'
    | 'refundDifference'
    | 'releaseSurplus'
    | 'restockReturn'
    | 'refundReturn'
    | 'refundAmount'
    | 'releaseInventoryIfReserved'
    | 'refundPaymentIfCharged'
    | 'voidPaymentIfAuthorized'
    | 'restoreReservation'
    | 'refundDifferenceIfCharged'
    | 'withdrawRestock'
    | null;
  /**
   * `RETRYING`: the step fails and is tried again. `NEEDS_ATTENTION`: an operator has to decide. `PAUSED`: somebody paused an activity or the workflow in Temporal. `TASK_FAILING`: its workflow tasks fail. `KEY_MISSING`: what it has to read is encrypted with a key that `PAYLOAD_KEYS` lacks. `NO_WORKER`: it has something to do, and no worker takes it. `NOT_STARTED`: it is accepted, and its workflow has not begun.
   */
  cause: 'RETRYING' | 'NEEDS_ATTENTION' | 'PAUSED' | 'TASK_FAILING' | 'KEY_MISSING' | 'NO_WORKER' | 'NOT_STARTED';
  since: string;
  attempts: number;
  last_error: string | null;
  /**
   * Whether it never goes on by itself, or has waited longer than `STUCK_AFTER`.
   */
  is_stuck: boolean;
}
export interface SagaResolutionRequest {
  filter: ParkedStepFilter;
  action: 'retry' | 'skip' | 'resolve';
  reason: string;
  /**
   * Only tells what it would be about; changes nothing.
   */
  dry_run?: boolean;
}
export interface ParkedStepFilter {
  /**
   * Parked steps of these orders.
   *
   * @minItems 1
   * @maxItems 200
   */
  order_ids?: string[];
  /**
   * Parked in this step or compensation.
   */
  step?:
    | 'reserveInventory'
    | 'reviewOrder'
    | 'chargePayment'
    | 'authorizePayment'
    | 'capturePayment'
    | 'confirmOrder'
    | 'notifyCustomer'
    | 'amendReservation'
    | 'reviewAmendment'
    | 'chargeDifference'
    | 'refundDifference'
    | 'releaseSurplus'
    | 'restockReturn'
    | 'refundReturn'
    | 'refundAmount'
    | 'releaseInventoryIfReserved'
    | 'refundPaymentIfCharged'
    | 'voidPaymentIfAuthorized'
    | 'restoreReservation'
    | 'refundDifferenceIfCharged'
    | 'withdrawRestock';
  /**
   * Whose last error holds this text, in whatever case.
   */
  error?: string;
  /**
   * Parked before this moment.
   */
  before?: string;
}
export interface SagaResolutionPreview {
  dry_run: true;
  /**
   * How many parked steps the filter finds.
   */
  matched: number;
  groups: {
    step:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    /**
     * What the action does to each of them.
     */
    effect: string;
    orders: number;
    currency: string;
    total: Money & {
      [k: string]: unknown;
    };
  }[];
  /**
   * The first 200, the one that has been parked for longest first.
   */
  orders: {
    order_id: string;
    order_number: string;
    step:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    parked_at: string;
    last_error: string | null;
  }[];
}
export interface SagaResolution {
  id: string;
  status: 'RUNNING' | 'COMPLETED';
  filter: {
    order_ids?: string[];
    step?:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    error?: string;
    before?: string;
  };
  action: 'retry' | 'skip' | 'resolve';
  reason: string;
  actor: string;
  created_at: string;
  completed_at: string | null;
  /**
   * `decided`: its saga has taken the decision. `unchanged`: it was not parked any more as it was, and was not touched. `failed`: its workflow did not take the decision.
   */
  counts: {
    waiting: number;
    decided: number;
    unchanged: number;
    failed: number;
  };
}
export interface SagaResolutionPage {
  data: SagaResolution[];
  next_cursor: string | null;
}
export interface SagaResolutionReport {
  id: string;
  status: 'RUNNING' | 'COMPLETED';
  filter: {
    order_ids?: string[];
    step?:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    error?: string;
    before?: string;
  };
  action: 'retry' | 'skip' | 'resolve';
  reason: string;
  actor: string;
  created_at: string;
  completed_at: string | null;
  /**
   * `decided`: its saga has taken the decision. `unchanged`: it was not parked any more as it was, and was not touched. `failed`: its workflow did not take the decision.
   */
  counts: {
    waiting: number;
    decided: number;
    unchanged: number;
    failed: number;
  };
  data: {
    order_id: string;
    order_number: string;
    step:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    state: 'WAITING' | 'DECIDED' | 'UNCHANGED' | 'FAILED';
    detail: string | null;
    at: string | null;
    status: OrderStatus & {
      [k: string]: unknown;
    };
    saga_state: SagaState;
  }[];
  next_cursor: string | null;
}
export interface WorkQueue {
  /**
   * `NEEDS_ATTENTION`, `STUCK`, `RETRYING`, `NOT_STARTED`: orders whose saga waits; an order may be in several. `PAYMENT_FAILED`. `BACKORDERED`: goods ran out after they were paid for. `REVIEW`: somebody approves or rejects the order. `REFUND_DUE`: money has to go back by hand. `DISPUTED`. `MESSAGE_FAILED`: messages to customers that could not be sent. `DEAD_LETTER`: events that a receiver rejected. `UNAPPLIED_EVENT`: events of other services that could not be applied. `IMPORT_FAILED`: imports with orders that failed, which nobody has acknowledged.
   */
  queue:
    | 'NEEDS_ATTENTION'
    | 'STUCK'
    | 'RETRYING'
    | 'NOT_STARTED'
    | 'PAYMENT_FAILED'
    | 'BACKORDERED'
    | 'REVIEW'
    | 'REFUND_DUE'
    | 'DISPUTED'
    | 'MESSAGE_FAILED'
    | 'DEAD_LETTER'
    | 'UNAPPLIED_EVENT'
    | 'IMPORT_FAILED';
  /**
   * Where what stands in it is listed; for some of them this takes an operator.
   */
  url: string;
  /**
   * At most 1000: longer queues are not counted to their end.
   */
  count: number;
}
export interface QueuedOrder {
  order_id: string;
  order_number: string;
  status: OrderStatus;
  customer_name: string | null;
  currency: string;
  total: Money;
  refund_due: Money;
  /**
   * Since when it waits, or the last change of an order of which that is not known.
   */
  since: string;
  /**
   * Until when something can be done about it.
   */
  until: string | null;
  /**
   * What is known of why.
   */
  detail: string | null;
}
export interface ReconciliationRequest {
  from: string;
  to: string;
}
export interface PaymentReport {
  id: string;
  state: 'RUNNING' | 'DONE' | 'FAILED';
  from: string;
  to: string;
  actor: string;
  /**
   * How many payments the payment service told of.
   */
  payments: number;
  /**
   * How many orders were compared.
   */
  orders: number;
  /**
   * How many of them were left out, since something is under way.
   */
  in_flight: number;
  /**
   * Why a report could not be made.
   */
  problem: string | null;
  created_at: string;
  ended_at: string | null;
}
export interface PaymentReportWithDifferences {
  id: string;
  state: 'RUNNING' | 'DONE' | 'FAILED';
  from: string;
  to: string;
  actor: string;
  /**
   * How many payments the payment service told of.
   */
  payments: number;
  /**
   * How many orders were compared.
   */
  orders: number;
  /**
   * How many of them were left out, since something is under way.
   */
  in_flight: number;
  /**
   * Why a report could not be made.
   */
  problem: string | null;
  created_at: string;
  ended_at: string | null;
  differences_by_kind: {
    MISSING_AT_PROVIDER?: number;
    MISSING_WITH_US?: number;
    AMOUNT?: number;
    CURRENCY?: number;
    STATUS?: number;
    REFUNDED?: number;
    DUPLICATED?: number;
  };
  /**
   * The first 1000; all of them are in the CSV.
   */
  differences: PaymentDifference[];
}
export interface PaymentDifference {
  kind: 'MISSING_AT_PROVIDER' | 'MISSING_WITH_US' | 'AMOUNT' | 'CURRENCY' | 'STATUS' | 'REFUNDED' | 'DUPLICATED';
  order_id: string | null;
  /**
   * Null for what is no order of ours.
   */
  order_number: string | null;
  payment_id: string | null;
  idempotency_key: string | null;
  /**
   * What our books say.
   */
  ours: string | null;
  /**
   * What the payment service says.
   */
  theirs: string | null;
  what_to_do: string;
}
export interface SalesReport {
  data: {
    /**
     * The first day of the period, in the time zone of the shop (`SHOP_TIME_ZONE`).
     */
    period: string;
    currency: string;
    status: OrderStatus;
    orders: number;
    total: Money;
    refunded: Money;
    net: Money & {
      [k: string]: unknown;
    };
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface StatusReport {
  data: {
    status: OrderStatus;
    orders: number;
    /**
     * Of all orders of the range.
     */
    share: number;
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface ProductReport {
  data: {
    product_id: string;
    sku: string;
    name: string;
    orders: number;
    quantity: number;
    revenue: {
      currency: string;
      amount: Money;
      net_amount: Money & {
        [k: string]: unknown;
      };
    }[];
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface ProcessingTimesReport {
  data: {
    milestone: 'confirmed' | 'shipped' | 'delivered';
    /**
     * Orders that have come so far.
     */
    orders: number;
    /**
     * Seconds; null without orders.
     */
    p50: number | null;
    /**
     * Seconds; null without orders.
     */
    p90: number | null;
    /**
     * Seconds; null without orders.
     */
    p95: number | null;
    /**
     * Seconds; null without orders.
     */
    p99: number | null;
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface HoursReport {
  data: {
    /**
     * When the hour begins.
     */
    hour: string;
    /**
     * Orders placed in it.
     */
    orders: number;
    /**
     * Those of them that were confirmed.
     */
    confirmed: number;
    /**
     * Those whose payment has failed.
     */
    payment_failed: number;
    /**
     * Those that are cancelled.
     */
    cancelled: number;
    /**
     * Seconds; null without orders.
     */
    p50: number | null;
    /**
     * Seconds; null without orders.
     */
    p95: number | null;
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface StepsReport {
  data: {
    step:
      | 'reserveInventory'
      | 'reviewOrder'
      | 'chargePayment'
      | 'authorizePayment'
      | 'capturePayment'
      | 'confirmOrder'
      | 'notifyCustomer'
      | 'amendReservation'
      | 'reviewAmendment'
      | 'chargeDifference'
      | 'refundDifference'
      | 'releaseSurplus'
      | 'restockReturn'
      | 'refundReturn'
      | 'refundAmount'
      | 'releaseInventoryIfReserved'
      | 'refundPaymentIfCharged'
      | 'voidPaymentIfAuthorized'
      | 'restoreReservation'
      | 'refundDifferenceIfCharged'
      | 'withdrawRestock';
    /**
     * Orders in which it did not succeed at its first attempt.
     */
    orders: number;
    /**
     * Those in which it took more than one attempt.
     */
    retried: number;
    /**
     * Those in which it was refused: out of stock, declined, rejected.
     */
    refused: number;
    /**
     * Those in which it waits for an operator now.
     */
    parked: number;
    /**
     * Those in which an operator has skipped or resolved it.
     */
    decided: number;
  }[];
  next_cursor: null;
  from: string;
  to: string;
}
export interface AuditPage {
  data: AuditEntry[];
  next_cursor: string | null;
}
export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  roles: ('admin' | 'operator' | 'support' | 'service' | 'customer')[];
  /**
   * The operation id of this document, or the command that came past the API.
   */
  operation: string;
  order_id: string | null;
  order_number: string | null;
  /**
   * What was asked for, with its query.
   */
  path: string;
  request_id: string;
  reason: string | null;
  /**
   * What was answered; null when it was cut short.
   */
  status: number | null;
  completed_at: string | null;
}
export interface WorkerList {
  data: Worker[];
  next_cursor: null;
  task_queue: string;
  /**
   * Orders that are accepted and wait to be started, 10000 at most: they wait in PostgreSQL.
   */
  orders_to_start: number;
  /**
   * About how many tasks wait for a worker.
   */
  backlog_tasks: number;
  /**
   * How long the oldest of them has waited.
   */
  backlog_oldest_seconds: number;
  /**
   * The version that new orders start on; null while workers have no versions.
   */
  current_build_id: string | null;
  /**
   * The version that is being rolled out.
   */
  ramping_build_id: string | null;
  /**
   * The share of new orders that start on it.
   */
  ramping_percent: number;
}
export interface Worker {
  /**
   * Its process id and host.
   */
  identity: string;
  /**
   * The version of its code; null without `WORKER_BUILD_ID`.
   */
  build_id: string | null;
  takes: ('workflows' | 'activities')[];
  /**
   * When it last asked for something to do: at least once a minute.
   */
  last_asked_at: string;
}
export interface ImportDryRun {
  dry_run: true;
  mode: 'new' | 'history';
  /**
   * The system that wrote the file; `orders` is our own header.
   */
  recognised: string;
  /**
   * The headers that each field is taken from.
   */
  columns: {
    [k: string]: string[];
  };
  /**
   * What is taken for fields that no column states, as the parameters or the settings say: `currency`, `country`, `customer_id`, `payment_method`.
   */
  assumed: {
    [k: string]: string;
  };
  /**
   * Headers that are taken for nothing.
   */
  unused_columns: string[];
  /**
   * How the file writes numbers and dates; null for our own header, where nothing needs to be found.
   */
  conventions: {
    decimal: '.' | ',' | 'mixed' | null;
    dates: 'DMY' | 'MDY' | 'YMD' | 'mixed' | null;
    time_zone: string;
  } | null;
  rows: number;
  /**
   * Orders of the file, those that are refused among them.
   */
  orders: number;
  /**
   * Orders that have a fault.
   */
  refused: number;
  /**
   * Orders that are on record already under their reference.
   */
  known: number;
  /**
   * How far the orders have got, as the file says; nothing for our own header with `mode=new`.
   */
  states: {
    state: 'OPEN' | 'PARTLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED';
    payment_state: 'PAID' | 'UNPAID' | 'AUTHORIZED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';
    orders: number;
  }[];
  /**
   * What the orders without a fault come to, by currency.
   */
  sums: {
    currency: string;
    orders: number;
    /**
     * Orders with a line without a price, as cancelled ones may have; they are no part of the sums.
     */
    unpriced: number;
    /**
     * Prices by quantities, less the discounts of lines.
     */
    goods: string;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    discount: string | null;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    tax: string | null;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    shipping: string | null;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    fees: string | null;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    total: string | null;
    /**
     * Null where too many different products and customers were named to ask for all of them.
     */
    refunded: string | null;
  }[];
  /**
   * How many orders have which fault; what differs from one to the next is `…`.
   */
  problems: {
    message: string;
    orders: number;
  }[];
  /**
   * The first twenty faults, by their row in the file.
   */
  faults: {
    line: number | null;
    column: string | null;
    order_reference: string;
    message: string;
  }[];
  /**
   * With `prices=catalogue`: orders that would come to something else than the file states; they are no faults.
   */
  differing: number;
  /**
   * The first twenty of them.
   */
  differences: {
    order_reference: string;
    message: string;
  }[];
  /**
   * Customers that the customer service does not know, to be created by `create_missing=customers` or loaded there. With `mode=history`, where none has to be known, only with `create_missing`.
   */
  missing_customers: {
    id: string;
    name: string | null;
    email: string | null;
  }[];
  /**
   * Products that the catalogue does not have, likewise; those without a price are left out.
   */
  missing_products: {
    sku: string;
    name: string;
    price: string;
    currency: string;
  }[];
}
export interface ImportPage {
  data: Import[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
export interface ImportCommand {
  reason?: string;
}
/**
 * SIGNALLED: the order waits for this charge and goes on. RECORDED: it is known, should the order come to ask. REFUNDED: nothing is left to pay for, since the order is cancelled or the charge has failed, and what was taken is refunded. APPLIED: it has changed the order. KEPT: its order is not known, or not so far: it is applied once that is so, and is a dead letter after `INBOX_PATIENCE`. IGNORED: there is nothing to change, it can not be right, which makes it a dead letter for an operator to decide about, or it is of a type that means nothing here. REPEATED: it came before.
 */
export interface WebhookReceipt {
  webhook_id: string;
  effect: 'SIGNALLED' | 'RECORDED' | 'REFUNDED' | 'APPLIED' | 'KEPT' | 'IGNORED' | 'REPEATED';
}
export interface StripeEvent {
  id: string;
  type: string;
  data: {
    object: {
      id?: string;
      payment_intent?:
        | string
        | {
            id: string;
            [k: string]: unknown;
          }
        | null;
      [k: string]: unknown;
    };
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
/**
 * APPLIED: what Stripe says now of what the event is about is known to the order. IGNORED: it means nothing here.
 */
export interface StripeReceipt {
  event_id: string;
  effect: 'APPLIED' | 'IGNORED';
}
export interface NotificationRequest {
  /**
   * What the customer is told.
   */
  type:
    | 'ORDER_CONFIRMED'
    | 'PAYMENT_FAILED'
    | 'PAYMENT_ACTION_REQUIRED'
    | 'ORDER_SHIPPED'
    | 'ORDER_DELIVERED'
    | 'ORDER_CANCELLED'
    | 'ORDER_REFUNDED'
    | 'RETURN_RECEIVED';
}
export interface NotificationPage {
  data: ListedNotification[];
  next_cursor: string | null;
}
export interface ListedNotification {
  key: string;
  order_id: string;
  order_number: string;
  /**
   * What the customer is told.
   */
  type:
    | 'ORDER_CONFIRMED'
    | 'PAYMENT_FAILED'
    | 'PAYMENT_ACTION_REQUIRED'
    | 'ORDER_SHIPPED'
    | 'ORDER_DELIVERED'
    | 'ORDER_CANCELLED'
    | 'ORDER_REFUNDED'
    | 'RETURN_RECEIVED';
  /**
   * `PENDING`: it is to be sent, or sent again. `SENT`. `FAILED`: it could not be sent, and waits for a decision. `SKIPPED`: it was not true any more when it was to go, there was nobody to send it to, or somebody dropped it; `last_error` says why.
   */
  state: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED';
  attempts: number;
  /**
   * Why it is not sent.
   */
  last_error: string | null;
  /**
   * The e-mail address, masked.
   */
  recipient: string | null;
  /**
   * What it says, once it was tried; null for what the saga sends.
   */
  content?: {
    [k: string]: unknown;
  };
  created_at: string;
}
/**
 * Which messages that failed, by all that is given.
 */
export interface FailedNotificationsRequest {
  key?: string;
  /**
   * What the customer is told.
   */
  type?:
    | 'ORDER_CONFIRMED'
    | 'PAYMENT_FAILED'
    | 'PAYMENT_ACTION_REQUIRED'
    | 'ORDER_SHIPPED'
    | 'ORDER_DELIVERED'
    | 'ORDER_CANCELLED'
    | 'ORDER_REFUNDED'
    | 'RETURN_RECEIVED';
  order_id?: string;
  reason: string;
}
export interface DecidedNotifications {
  /**
   * How many that were.
   */
  notifications: number;
}
export interface InboxEventPage {
  data: InboxEvent[];
  next_cursor: string | null;
}
export interface InboxEvent {
  /**
   * Who sent it.
   */
  source: string;
  id: string;
  type: string;
  order_id: string | null;
  order_number: string | null;
  /**
   * `RECEIVED`: it is about to be applied, or tried again. `WAITING`: its order is not known, or not so far. `APPLIED`. `IGNORED`: there was nothing to change, or an operator dropped it. `DEAD`: it can not be right, or could not be applied in time.
   */
  state: 'RECEIVED' | 'APPLIED' | 'WAITING' | 'DEAD' | 'IGNORED';
  /**
   * Why it is not applied, or was not.
   */
  reason: string | null;
  attempts: number;
  /**
   * How often it came.
   */
  deliveries: number;
  /**
   * What it says, as far as it means something here.
   */
  data?: {
    [k: string]: unknown;
  };
  received_at: string;
  handled_at: string | null;
}
/**
 * Which dead letters, by all that is given.
 */
export interface DeadEventsRequest {
  source?: string;
  id?: string;
  order_id?: string;
  type?: string;
  reason: string;
}
export interface DecidedDeadEvents {
  /**
   * How many dead letters that were.
   */
  events: number;
}
export interface WebhookEndpointRequest {
  /**
   * Where events are posted: a public address, without credentials and without a fragment.
   */
  url: string;
  /**
   * Exact types, families such as `order.*`, or `*` for all of them.
   *
   * @minItems 1
   * @maxItems 50
   */
  event_types: string[];
  description?: string | null;
  enabled?: boolean;
}
export interface WebhookEndpointWithSecret {
  id: string;
  url: string;
  event_types: string[];
  description: string | null;
  enabled: boolean;
  /**
   * Whether `EVENTS_URL` makes it; then only `enabled` can be changed.
   */
  configured: boolean;
  /**
   * FAILING: the last delivery failed. DISABLED: nothing is sent; events wait until it is enabled again.
   */
  state: 'ACTIVE' | 'FAILING' | 'DISABLED';
  /**
   * Since when nothing was accepted.
   */
  failing_since: string | null;
  last_error: string | null;
  disabled_at: string | null;
  /**
   * BY_HAND: by this API. GONE: it has answered 410. FAILING: it accepted nothing for `WEBHOOK_DISABLE_AFTER`. NOT_CONFIGURED: `EVENTS_URL` no longer names it.
   */
  disabled_reason: 'BY_HAND' | 'GONE' | 'FAILING' | 'NOT_CONFIGURED' | null;
  /**
   * Until when messages have a second signature, by the secret before.
   */
  previous_secret_until: string | null;
  created_at: string;
  updated_at: string;
  /**
   * What messages are signed with (Standard Webhooks). It is never shown again.
   */
  secret: string;
}
export interface WebhookEndpointPage {
  data: WebhookEndpoint[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
export interface WebhookEndpoint {
  id: string;
  url: string;
  event_types: string[];
  description: string | null;
  enabled: boolean;
  /**
   * Whether `EVENTS_URL` makes it; then only `enabled` can be changed.
   */
  configured: boolean;
  /**
   * FAILING: the last delivery failed. DISABLED: nothing is sent; events wait until it is enabled again.
   */
  state: 'ACTIVE' | 'FAILING' | 'DISABLED';
  /**
   * Since when nothing was accepted.
   */
  failing_since: string | null;
  last_error: string | null;
  disabled_at: string | null;
  /**
   * BY_HAND: by this API. GONE: it has answered 410. FAILING: it accepted nothing for `WEBHOOK_DISABLE_AFTER`. NOT_CONFIGURED: `EVENTS_URL` no longer names it.
   */
  disabled_reason: 'BY_HAND' | 'GONE' | 'FAILING' | 'NOT_CONFIGURED' | null;
  /**
   * Until when messages have a second signature, by the secret before.
   */
  previous_secret_until: string | null;
  created_at: string;
  updated_at: string;
}
export interface WebhookEndpointChanges {
  /**
   * Where events are posted: a public address, without credentials and without a fragment.
   */
  url?: string;
  /**
   * Exact types, families such as `order.*`, or `*` for all of them.
   *
   * @minItems 1
   * @maxItems 50
   */
  event_types?: string[];
  description?: string | null;
  enabled?: boolean;
}
export interface WebhookDeliveryPage {
  data: WebhookDelivery[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
export interface WebhookDelivery {
  /**
   * The event's id, which is the `webhook-id` of each attempt.
   */
  event_id: string;
  type: string;
  /**
   * What the event is about: an order, or an endpoint.
   */
  order_id: string;
  /**
   * PENDING: not received yet. DEAD: given up after `WEBHOOK_DEAD_AFTER`, until it is redelivered. SKIPPED: never sent.
   */
  state: 'PENDING' | 'DELIVERED' | 'DEAD' | 'SKIPPED';
  attempts: number;
  /**
   * Of the last attempt; null when there was no answer.
   */
  response_status: number | null;
  /**
   * Of the last attempt, in milliseconds.
   */
  duration_ms: number | null;
  last_error: string | null;
  created_at: string;
  last_attempt_at: string | null;
  /**
   * Only of one that is PENDING.
   */
  next_attempt_at: string | null;
  delivered_at: string | null;
}
export interface WebhookRedeliveryRequest {
  /**
   * A time, or a day of the shop’s time zone.
   */
  since: string;
}
export interface WebhookRedelivery {
  /**
   * Deliveries that are made again.
   */
  redelivered: number;
  /**
   * Deliveries whose events are older than `OUTBOX_RETENTION` and no longer kept.
   */
  gone: number;
}
export interface EventDeliveryPage {
  data: EventDelivery[];
  next_cursor: string | null;
}
export interface EventDelivery {
  /**
   * The id of the event.
   */
  event_id: string;
  /**
   * The sink: `webhooks` for all webhook endpoints, `webhook:` and its id for one of them.
   */
  sink: string;
  /**
   * Of a webhook endpoint its description, or else its host; null for another sink.
   */
  receiver: string | null;
  /**
   * Null for an event that is about no order.
   */
  order_id: string | null;
  order_number: string | null;
  /**
   * The type of the event.
   */
  type: string;
  /**
   * `PENDING`: it is tried again, or waits behind an earlier event of its order. `DELIVERED`. `DEAD`: a dead letter, rejected for the last time. `SKIPPED`: an operator decided that the sink never gets it.
   */
  state: 'PENDING' | 'DELIVERED' | 'DEAD' | 'SKIPPED';
  /**
   * Whether it waits behind an earlier event of its order.
   */
  is_held: boolean;
  attempts: number;
  created_at: string;
  last_attempt_at: string | null;
  /**
   * Null when it is not tried again by itself.
   */
  next_attempt_at: string | null;
  delivered_at: string | null;
  last_error: string | null;
  response_status: number | null;
  duration_ms: number | null;
  /**
   * What the event says; null once it is past `OUTBOX_RETENTION`.
   */
  data?: {
    [k: string]: unknown;
  };
}
export interface EventSinkList {
  data: EventSink[];
}
export interface EventSink {
  name: string;
  /**
   * Events that it does not have and that are no dead letters.
   */
  unpublished: number;
  /**
   * Age of the oldest of them, those that wait behind a dead letter left aside; 0 if there is none.
   */
  oldest_seconds: number;
  dead_letters: number;
  /**
   * Null while it takes what it is sent.
   */
  failing_since: string | null;
  /**
   * How often it was tried in vain since then.
   */
  attempts: number;
  last_error: string | null;
}
export interface ForgetEventSink {
  sink: string;
  reason: string;
}
export interface ForgottenEventSink {
  name: string;
  /**
   * How many events it never gets, dead letters included.
   */
  events: number;
}
export interface EventDecision {
  /**
   * The sink: `webhooks` for all webhook endpoints, `webhook:` and its id for one of them.
   */
  sink?: string;
  /**
   * The id of the order that the event is about.
   */
  order_id?: string;
  /**
   * The id of the event.
   */
  event_id?: string;
  /**
   * The type of the event.
   */
  type?: string;
  /**
   * Those whose delivery began at or after this moment.
   */
  since?: string;
  /**
   * `DEAD`: dead letters. `PENDING`: those that are tried again or wait behind others.
   */
  state?: 'DEAD' | 'PENDING';
  reason: string;
}
export interface EventDecisionOutcome {
  /**
   * How many deliveries it was about.
   */
  events: number;
  /**
   * Whether there may be more, for which to send the request again.
   */
  has_more: boolean;
}
export interface CouponRequest {
  kind: 'percent' | 'fixed';
  /**
   * A percentage with up to 3 decimals, or an amount of `currency`.
   */
  value: string;
  /**
   * The only currency of orders that it is for; any unless given. A fixed amount needs one.
   */
  currency?:
    | 'AED'
    | 'AFN'
    | 'ALL'
    | 'AMD'
    | 'AOA'
    | 'ARS'
    | 'AUD'
    | 'AWG'
    | 'AZN'
    | 'BAM'
    | 'BBD'
    | 'BDT'
    | 'BHD'
    | 'BIF'
    | 'BMD'
    | 'BND'
    | 'BOB'
    | 'BOV'
    | 'BRL'
    | 'BSD'
    | 'BTN'
    | 'BWP'
    | 'BYN'
    | 'BZD'
    | 'CAD'
    | 'CDF'
    | 'CHE'
    | 'CHF'
    | 'CHW'
    | 'CLF'
    | 'CLP'
    | 'CNY'
    | 'COP'
    | 'COU'
    | 'CRC'
    | 'CUP'
    | 'CVE'
    | 'CZK'
    | 'DJF'
    | 'DKK'
    | 'DOP'
    | 'DZD'
    | 'EGP'
    | 'ERN'
    | 'ETB'
    | 'EUR'
    | 'FJD'
    | 'FKP'
    | 'GBP'
    | 'GEL'
    | 'GHS'
    | 'GIP'
    | 'GMD'
    | 'GNF'
    | 'GTQ'
    | 'GYD'
    | 'HKD'
    | 'HNL'
    | 'HTG'
    | 'HUF'
    | 'IDR'
    | 'ILS'
    | 'INR'
    | 'IQD'
    | 'IRR'
    | 'ISK'
    | 'JMD'
    | 'JOD'
    | 'JPY'
    | 'KES'
    | 'KGS'
    | 'KHR'
    | 'KMF'
    | 'KPW'
    | 'KRW'
    | 'KWD'
    | 'KYD'
    | 'KZT'
    | 'LAK'
    | 'LBP'
    | 'LKR'
    | 'LRD'
    | 'LSL'
    | 'LYD'
    | 'MAD'
    | 'MDL'
    | 'MGA'
    | 'MKD'
    | 'MMK'
    | 'MNT'
    | 'MOP'
    | 'MRU'
    | 'MUR'
    | 'MVR'
    | 'MWK'
    | 'MXN'
    | 'MXV'
    | 'MYR'
    | 'MZN'
    | 'NAD'
    | 'NGN'
    | 'NIO'
    | 'NOK'
    | 'NPR'
    | 'NZD'
    | 'OMR'
    | 'PAB'
    | 'PEN'
    | 'PGK'
    | 'PHP'
    | 'PKR'
    | 'PLN'
    | 'PYG'
    | 'QAR'
    | 'RON'
    | 'RSD'
    | 'RUB'
    | 'RWF'
    | 'SAR'
    | 'SBD'
    | 'SCR'
    | 'SDG'
    | 'SEK'
    | 'SGD'
    | 'SHP'
    | 'SLE'
    | 'SOS'
    | 'SRD'
    | 'SSP'
    | 'STN'
    | 'SVC'
    | 'SYP'
    | 'SZL'
    | 'THB'
    | 'TJS'
    | 'TMT'
    | 'TND'
    | 'TOP'
    | 'TRY'
    | 'TTD'
    | 'TWD'
    | 'TZS'
    | 'UAH'
    | 'UGX'
    | 'USD'
    | 'USN'
    | 'UYI'
    | 'UYU'
    | 'UYW'
    | 'UZS'
    | 'VED'
    | 'VES'
    | 'VND'
    | 'VUV'
    | 'WST'
    | 'XAD'
    | 'XAF'
    | 'XCD'
    | 'XCG'
    | 'XOF'
    | 'XPF'
    | 'YER'
    | 'ZAR'
    | 'ZMW'
    | 'ZWG'
    | null;
  /**
   * What the items must come to at least, in the order's currency.
   */
  minimum_subtotal?: string | null;
  /**
   * A day begins in the time zone of the shop (`SHOP_TIME_ZONE`).
   */
  valid_from?: string | null;
  /**
   * Not valid from then on; a day is valid to its end, in the time zone of the shop.
   */
  valid_until?: string | null;
  once_per_customer?: boolean;
  /**
   * By all customers together.
   */
  max_uses?: number | null;
  active?: boolean;
}
export interface Coupon {
  /**
   * In upper case.
   */
  code: string;
  kind: 'percent' | 'fixed';
  value: string;
  currency: string | null;
  minimum_subtotal: string | null;
  valid_from: string | null;
  valid_until: string | null;
  once_per_customer: boolean;
  max_uses: number | null;
  active: boolean;
  /**
   * Orders that have it and are not cancelled.
   */
  uses: number;
  created_at: string;
  updated_at: string;
}
export interface CouponPage {
  data: Coupon[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
/**
 * What the event of any change tells.
 */
export interface OrderEventData {
  order_id: string;
  /**
   * As people read it.
   */
  order_number: string;
  customer_id: string;
  /**
   * Where the order stood.
   */
  status:
    | 'PENDING'
    | 'CONFIRMED'
    | 'PROCESSING'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'RETURNED'
    | 'REFUNDED'
    | 'PAYMENT_FAILED'
    | 'CANCELLED';
  /**
   * How often the order has been written. It never falls from one event of an order to the next.
   */
  version: number;
  /**
   * When it happened. RFC 3339, in UTC.
   */
  occurred_at: string;
  /**
   * The status before; null for a new order.
   */
  from:
    | (
        | 'PENDING'
        | 'CONFIRMED'
        | 'PROCESSING'
        | 'SHIPPED'
        | 'DELIVERED'
        | 'RETURNED'
        | 'REFUNDED'
        | 'PAYMENT_FAILED'
        | 'CANCELLED'
      )
    | null;
  payment_status:
    | 'PENDING'
    | 'QUEUED'
    | 'UNKNOWN'
    | 'ACTION_REQUIRED'
    | 'AUTHORIZED'
    | 'CAPTURED'
    | 'FAILED'
    | 'REFUNDING'
    | 'PARTIALLY_REFUNDED'
    | 'REFUNDED';
  saga_state: 'RUNNING' | 'COMPENSATING' | 'NEEDS_ATTENTION' | 'COMPENSATED' | 'COMPLETED';
  /**
   * Who made the change, such as `support:sam`.
   */
  actor: string;
  /**
   * Why.
   */
  reason: string | null;
}
/**
 * What the event of any charge or refund tells.
 */
export interface PaymentEventData {
  order_id: string;
  /**
   * As people read it.
   */
  order_number: string;
  customer_id: string;
  /**
   * Where the order stood.
   */
  status:
    | 'PENDING'
    | 'CONFIRMED'
    | 'PROCESSING'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'RETURNED'
    | 'REFUNDED'
    | 'PAYMENT_FAILED'
    | 'CANCELLED';
  /**
   * How often the order has been written. It never falls from one event of an order to the next.
   */
  version: number;
  /**
   * When it happened. RFC 3339, in UTC.
   */
  occurred_at: string;
  /**
   * What was charged or refunded. A decimal amount with exactly the decimals of its currency.
   */
  amount: string;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * The payment service's id of the payment; null where it has none, or has not said it.
   */
  payment_id: string | null;
  /**
   * EXTERNAL: money that moved outside the payment service, as an operator has recorded.
   */
  provider: 'PAYMENT_SERVICE' | 'EXTERNAL';
}
/**
 * A webhook endpoint has failed for so long, or is gone, so that nothing is sent to it until somebody enables it again.
 */
export interface WebhookEndpointDisabledData {
  endpoint_id: string;
  url: string;
  /**
   * FAILING: it accepted nothing for too long. GONE: it has answered 410.
   */
  reason: 'BY_HAND' | 'GONE' | 'FAILING' | 'NOT_CONFIGURED';
  /**
   * When its first delivery failed since the last that succeeded. RFC 3339, in UTC.
   */
  failing_since: string;
  /**
   * What went wrong last.
   */
  last_error: string | null;
  /**
   * For an operator.
   */
  what_to_do: string;
  /**
   * When it happened. RFC 3339, in UTC.
   */
  occurred_at: string;
}
export interface Problem {
  /**
   * Identifies the kind of problem.
   */
  type: string;
  title: string;
  status: number;
  /**
   * What is wrong with this very request.
   */
  detail: string;
  /**
   * The path that was asked for.
   */
  instance: string;
  timestamp: string;
  /**
   * The name of the HTTP status.
   */
  error: string;
  /**
   * What programs decide by.
   */
  code:
    | 'VALIDATION'
    | 'ORD001'
    | 'ORD002'
    | 'ORD003'
    | 'ORD004'
    | 'ORD005'
    | 'ORD006'
    | 'ORD007'
    | 'VERSION_CONFLICT'
    | 'PRICE_CHANGED'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'UNAUTHENTICATED'
    | 'FORBIDDEN'
    | 'RATE_LIMITED'
    | 'UNAVAILABLE'
    | 'NOT_FOUND'
    | 'METHOD_NOT_ALLOWED'
    | 'INTERNAL';
  /**
   * The same as `detail`.
   */
  message: string;
  /**
   * The same as `instance`.
   */
  path: string;
  /**
   * Finds this request in the logs.
   */
  request_id: string;
  /**
   * VALIDATION: one entry for each fault, with `message` and where it is: `pointer` (RFC 6901, in the body), `parameter` or `header`. ORD002: `sku`, `requested`, `available`. ORD005: `from`, `to`, `allowed`. PRICE_CHANGED: `pointer`, `sku`, `unit_price`, `current_price`.
   */
  details: {
    [k: string]: unknown;
  }[];
  /**
   * The order, when the problem came after it was accepted.
   */
  order_id?: string;
}

/** The method and path of each operation. */
export const routes = {
  createOrder: ['POST', '/api/v1/orders'],
  listOrders: ['GET', '/api/v1/orders'],
  quoteOrder: ['POST', '/api/v1/orders/quote'],
  exportOrders: ['GET', '/api/v1/orders/export'],
  createBatch: ['POST', '/api/v1/orders/batch'],
  getOrder: ['GET', '/api/v1/orders/{id}'],
  deleteOrder: ['DELETE', '/api/v1/orders/{id}'],
  editOrder: ['PATCH', '/api/v1/orders/{id}'],
  replaceOrder: ['PUT', '/api/v1/orders/{id}'],
  getOrderDetails: ['GET', '/api/v1/orders/{id}/details'],
  cancelOrder: ['POST', '/api/v1/orders/{id}/cancel'],
  getOrderStatus: ['GET', '/api/v1/orders/{id}/status'],
  changeStatus: ['PUT', '/api/v1/orders/{id}/status'],
  listOrderItems: ['GET', '/api/v1/orders/{id}/items'],
  addItem: ['POST', '/api/v1/orders/{id}/items'],
  changeItem: ['PATCH', '/api/v1/orders/{id}/items/{item_id}'],
  removeItem: ['DELETE', '/api/v1/orders/{id}/items/{item_id}'],
  returnItems: ['POST', '/api/v1/orders/{id}/returns'],
  listOrderReturns: ['GET', '/api/v1/orders/{id}/returns'],
  refundPayment: ['POST', '/api/v1/orders/{id}/refunds'],
  listOrderRefunds: ['GET', '/api/v1/orders/{id}/refunds'],
  listOrderDisputes: ['GET', '/api/v1/orders/{id}/disputes'],
  closeDispute: ['POST', '/api/v1/orders/{id}/disputes/close'],
  listOrderShipments: ['GET', '/api/v1/orders/{id}/shipments'],
  correctShipment: ['PATCH', '/api/v1/orders/{id}/shipments/{shipment_id}'],
  listOrderHistory: ['GET', '/api/v1/orders/{id}/history'],
  addNote: ['POST', '/api/v1/orders/{id}/notes'],
  listNotes: ['GET', '/api/v1/orders/{id}/notes'],
  listOrderPayments: ['GET', '/api/v1/orders/{id}/payments'],
  retryPayment: ['POST', '/api/v1/orders/{id}/payment'],
  listOrderReviews: ['GET', '/api/v1/orders/{id}/review'],
  decideReview: ['POST', '/api/v1/orders/{id}/review'],
  listSagaSteps: ['GET', '/api/v1/orders/{id}/saga'],
  resolveStep: ['POST', '/api/v1/orders/{id}/saga/{step}'],
  listWaitingOrders: ['GET', '/api/v1/sagas/waiting'],
  resolveSagas: ['POST', '/api/v1/sagas/resolve'],
  listSagaResolutions: ['GET', '/api/v1/sagas/resolve'],
  getSagaResolution: ['GET', '/api/v1/sagas/resolve/{id}'],
  listQueues: ['GET', '/api/v1/queues'],
  listQueue: ['GET', '/api/v1/queues/{queue}'],
  reconcilePayments: ['POST', '/api/v1/reconciliations'],
  listReconciliations: ['GET', '/api/v1/reconciliations'],
  getReconciliation: ['GET', '/api/v1/reconciliations/{id}'],
  getReconciliationDifferences: ['GET', '/api/v1/reconciliations/{id}/differences'],
  reportSales: ['GET', '/api/v1/reports/sales'],
  reportStatuses: ['GET', '/api/v1/reports/statuses'],
  reportProducts: ['GET', '/api/v1/reports/products'],
  reportProcessingTimes: ['GET', '/api/v1/reports/processing-times'],
  reportHours: ['GET', '/api/v1/reports/hours'],
  reportSteps: ['GET', '/api/v1/reports/steps'],
  listAudit: ['GET', '/api/v1/audit'],
  exportAudit: ['GET', '/api/v1/audit/export'],
  listWorkers: ['GET', '/api/v1/workers'],
  createImport: ['POST', '/api/v1/imports'],
  listImports: ['GET', '/api/v1/imports'],
  getImport: ['GET', '/api/v1/imports/{id}'],
  getImportErrors: ['GET', '/api/v1/imports/{id}/errors'],
  pauseImport: ['POST', '/api/v1/imports/{id}/pause'],
  resumeImport: ['POST', '/api/v1/imports/{id}/resume'],
  cancelImport: ['POST', '/api/v1/imports/{id}/cancel'],
  acknowledgeImport: ['POST', '/api/v1/imports/{id}/acknowledge'],
  receiveInventoryWebhook: ['POST', '/api/v1/webhooks/inventory'],
  receiveShippingWebhook: ['POST', '/api/v1/webhooks/shipping'],
  receiveStripeWebhook: ['POST', '/api/v1/webhooks/stripe'],
  listOrderNotifications: ['GET', '/api/v1/orders/{id}/notifications'],
  notifyCustomer: ['POST', '/api/v1/orders/{id}/notifications'],
  listNotifications: ['GET', '/api/v1/notifications'],
  retryNotifications: ['POST', '/api/v1/notifications/retry'],
  skipNotifications: ['POST', '/api/v1/notifications/skip'],
  listInboxEvents: ['GET', '/api/v1/inbox'],
  retryInboxEvents: ['POST', '/api/v1/inbox/retry'],
  skipInboxEvents: ['POST', '/api/v1/inbox/skip'],
  createWebhookEndpoint: ['POST', '/api/v1/webhook-endpoints'],
  listWebhookEndpoints: ['GET', '/api/v1/webhook-endpoints'],
  getWebhookEndpoint: ['GET', '/api/v1/webhook-endpoints/{id}'],
  changeWebhookEndpoint: ['PATCH', '/api/v1/webhook-endpoints/{id}'],
  deleteWebhookEndpoint: ['DELETE', '/api/v1/webhook-endpoints/{id}'],
  rotateWebhookSecret: ['POST', '/api/v1/webhook-endpoints/{id}/rotate-secret'],
  listWebhookDeliveries: ['GET', '/api/v1/webhook-endpoints/{id}/deliveries'],
  redeliverWebhook: ['POST', '/api/v1/webhook-endpoints/{id}/deliveries/{event_id}/redeliver'],
  redeliverWebhooks: ['POST', '/api/v1/webhook-endpoints/{id}/redeliver'],
  listEvents: ['GET', '/api/v1/events'],
  listEventSinks: ['GET', '/api/v1/events/sinks'],
  forgetEventSink: ['POST', '/api/v1/events/forget-sink'],
  retryEvents: ['POST', '/api/v1/events/retry'],
  skipEvents: ['POST', '/api/v1/events/skip'],
  putCoupon: ['PUT', '/api/v1/coupons/{code}'],
  getCoupon: ['GET', '/api/v1/coupons/{code}'],
  listCoupons: ['GET', '/api/v1/coupons'],
} as const satisfies Record<keyof Operations, readonly [string, string]>;
