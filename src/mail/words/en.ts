import type { LocaleWords } from './message-words.ts';

/** What messages say in English. */
export const english: LocaleWords = {
  greeting: 'Hello{{#if customer_name}} {{customer_name}}{{/if}},',
  closing: 'Kind regards\n{{shop_name}}',
  labels: {
    subtotal: 'Subtotal',
    discount: 'Discount',
    tax: 'Tax',
    shipping: 'Shipping',
    total: 'Total',
    address: 'Ships to',
    carrier: 'Carrier',
    tracking: 'Tracking number',
  },
  messages: {
    ORDER_CONFIRMED: {
      subject: 'Your order {{order_number}} is confirmed',
      body: 'Thank you for your order. It is confirmed, and we are getting everything ready.\n\nWe will write to you again as soon as it is on its way.',
      link: 'See your order',
    },
    PAYMENT_FAILED: {
      subject: 'The payment of your order {{order_number}} failed',
      body:
        'We could not take the payment of {{total}} for your order {{order_number}}. No money was taken.\n\n' +
        '{{#if until}}Your items are reserved for you until {{until}}. Please pay again by then, with the same or another payment method; otherwise the order is cancelled.{{else}}Please pay again, with the same or another payment method.{{/if}}',
      link: 'Pay again',
    },
    PAYMENT_ACTION_REQUIRED: {
      subject: 'Please confirm the payment of your order {{order_number}}',
      body:
        'Your bank asks you to confirm the payment of {{total}} for your order {{order_number}}.\n\n' +
        '{{#if until}}Please confirm it by {{until}}; otherwise the order is cancelled and no money is taken.{{else}}The order goes on as soon as you have confirmed it.{{/if}}',
      link: 'Confirm the payment',
    },
    ORDER_SHIPPED: {
      subject:
        '{{#if is_last}}Your order {{order_number}} is on its way{{else}}A part of your order {{order_number}} is on its way{{/if}}',
      body: '{{#if is_last}}The parcel with these items has left us, and with it your order is complete:{{else}}A parcel with these items has left us. The rest follows in another one:{{/if}}',
      link: 'See your order',
    },
    ORDER_DELIVERED: {
      subject: 'Your order {{order_number}} has arrived',
      body: 'Your order {{order_number}} was delivered{{#if delivered_on}} on {{delivered_on}}{{/if}}. We hope that you like it.',
      link: 'See your order',
    },
    ORDER_CANCELLED: {
      subject: 'Your order {{order_number}} is cancelled',
      body:
        'Your order {{order_number}} is cancelled{{#if is_out_of_stock}}, because an item is out of stock. We are sorry about that{{/if}}{{#if is_payment_declined}}, because the payment was declined{{/if}}.\n\n' +
        '{{#if reason}}Reason: {{reason}}{{/if}}\n\n' +
        '{{#if refund_amount}}We return {{refund_amount}} to your payment method. It may take a few days until it shows in your account.{{else}}You have nothing to pay.{{/if}}',
      link: 'See your order',
    },
    ORDER_REFUNDED: {
      subject: 'We have refunded {{refund_amount}} for your order {{order_number}}',
      body:
        'We have returned {{refund_amount}} to your payment method{{#if is_return}} for what you sent back{{/if}}{{#if is_amendment}}, because your order has changed{{/if}}{{#if is_cancellation}}, because your order was cancelled{{/if}}. It may take a few days until it shows in your account.\n\n' +
        '{{#if reason}}Reason: {{reason}}{{/if}}',
      link: 'See your order',
    },
    RETURN_RECEIVED: {
      subject: 'Your return for order {{order_number}} has arrived',
      body: 'We have received these items from you, and return {{refund_amount}} to your payment method. It may take a few days until it shows in your account.',
      link: 'See your order',
    },
  },
};
