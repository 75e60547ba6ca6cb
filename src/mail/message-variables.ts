import type { NotificationContents, NotificationLine, OrderNotification } from '../domain/order-notification.ts';
import { formatAddress, formatAmount, formatDate, formatTime } from './format.ts';

/** How amounts and times are written, and for which shop. */
export interface VariableSettings {
  readonly locale: string;
  readonly timeZone: string;
  readonly shopName: string;
}

/**
 * What the texts of a message may use. Every variable is there for every type, `null` or `false` where a type has no such thing, so that a
 * misspelt one is found. All are single lines; amounts and times are as people of the locale write them.
 */
export function messageVariables(notification: OrderNotification, settings: VariableSettings) {
  const { locale, timeZone, shopName } = settings;
  const { type, currency, content } = notification;
  const facts = factsOf(notification);
  const money = (amount: string | null) => (amount === null ? null : formatAmount(amount, currency, locale));
  const { cause } = facts;
  return {
    type,
    locale,
    shop_name: singleLine(shopName),
    order_number: singleLine(notification.orderNumber),
    order_url: webAddress(notification.orderUrl),
    customer_name: lineOrNull(notification.recipient.name ?? null),
    lines: ('lines' in content ? content.lines : []).map((line) => readableLine(line, currency, locale)),
    subtotal: money(facts.subtotal),
    discount: money(unlessZero(facts.discount)),
    tax: money(unlessZero(facts.tax)),
    shipping: money(facts.shipping),
    total: money(facts.total),
    refund_amount: money(facts.refund_amount),
    until: facts.until === null ? null : formatTime(facts.until, locale, timeZone),
    action_url: webAddress(facts.action_url),
    decline_code: lineOrNull(facts.decline_code),
    carrier: lineOrNull(facts.carrier),
    tracking: lineOrNull(facts.tracking),
    is_last: facts.is_last,
    delivered_on: facts.delivered_at === null ? null : formatDate(facts.delivered_at, locale, timeZone),
    reason: cause === null || cause === 'OTHER' ? lineOrNull(facts.reason) : null,
    is_out_of_stock: cause === 'OUT_OF_STOCK',
    is_payment_declined: cause === 'PAYMENT_DECLINED',
    is_cancellation: cause === 'CANCELLATION',
    is_return: cause === 'RETURN',
    is_amendment: cause === 'AMENDMENT',
    shipping_method: lineOrNull(facts.shipping_method),
    address: facts.shipping_address === null ? [] : formatAddress(facts.shipping_address, locale).map(singleLine),
  };
}

/** What the texts of a message may use. */
export type MessageVariables = ReturnType<typeof messageVariables>;

/** Everything that the content of some type has. */
interface Facts {
  readonly subtotal: string | null;
  readonly discount: string | null;
  readonly tax: string | null;
  readonly shipping: string | null;
  readonly total: string | null;
  readonly refund_amount: string | null;
  readonly until: string | null;
  readonly action_url: string | null;
  readonly decline_code: string | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly is_last: boolean;
  readonly delivered_at: string | null;
  readonly cause: (NotificationContents['ORDER_CANCELLED'] | NotificationContents['ORDER_REFUNDED'])['cause'] | null;
  readonly reason: string | null;
  readonly shipping_method: string | null;
  readonly shipping_address: NotificationContents['ORDER_CONFIRMED']['shipping_address'] | null;
}

const nothing: Facts = {
  subtotal: null,
  discount: null,
  tax: null,
  shipping: null,
  total: null,
  refund_amount: null,
  until: null,
  action_url: null,
  decline_code: null,
  carrier: null,
  tracking: null,
  is_last: false,
  delivered_at: null,
  cause: null,
  reason: null,
  shipping_method: null,
  shipping_address: null,
};

function factsOf({ type, content }: OrderNotification): Facts {
  if (type === 'PAYMENT_FAILED') return { ...nothing, ...content, until: content.retry_until };
  if (type === 'ORDER_REFUNDED') return { ...nothing, ...content, refund_amount: content.amount };
  return { ...nothing, ...content };
}

function unlessZero(amount: string | null): string | null {
  return amount === null || /[1-9]/.test(amount) ? amount : null;
}

function readableLine({ sku, name, quantity, unit_price, total }: NotificationLine, currency: string, locale: string) {
  return {
    sku: singleLine(sku),
    name: singleLine(name),
    quantity: new Intl.NumberFormat(locale).format(quantity),
    unit_price: formatAmount(unit_price, currency, locale),
    total: formatAmount(total, currency, locale),
  };
}

/** What customers have written can neither begin a header nor a paragraph of its own. */
function singleLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function lineOrNull(text: string | null): string | null {
  return text === null ? null : singleLine(text) || null;
}

/** An address that a link may lead to; none that runs a script. */
function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
