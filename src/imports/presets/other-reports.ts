import { normaliseHeader } from '../../domain/import-columns.ts';
import { indexHeader } from './map-preset.ts';

/** A report of a known system that holds no orders with their items. */
interface OtherReport {
  readonly title: string;
  readonly headers: readonly string[];
  /** Which report of that system holds them. */
  readonly instead: string;
}

const reports: readonly OtherReport[] = [
  {
    title: "Shopify's products",
    headers: ['Handle', 'Title', 'Vendor', 'Variant SKU', 'Variant Price'],
    instead: 'export Orders instead, as "Orders" and not "Transaction histories"',
  },
  {
    title: "Shopify's customers",
    headers: ['First Name', 'Last Name', 'Email', 'Total Spent', 'Total Orders'],
    instead: 'export Orders instead',
  },
  {
    title: "Shopify's payouts",
    headers: ['Transaction Date', 'Type', 'Order', 'Card Brand', 'Payout Status', 'Payout Date', 'Net'],
    instead: 'export Orders instead',
  },
  {
    title: "Amazon's settlement report",
    headers: ['settlement-id', 'settlement-start-date', 'transaction-type', 'order-id'],
    instead: 'request All Orders or Unshipped Orders under Order Reports instead',
  },
  {
    title: "Etsy's payments",
    headers: ['Payment ID', 'Buyer Username', 'Order ID', 'Gross Amount', 'Fees', 'Net Amount'],
    instead: 'download Order Items instead',
  },
  {
    title: "Square's transactions",
    headers: ['Date', 'Gross Sales', 'Net Sales', 'Total Collected', 'Transaction ID', 'Description'],
    instead: 'export Items Detail CSV instead',
  },
  {
    title: "PayPal's activity",
    headers: ['Date', 'Time', 'Name', 'Type', 'Status', 'Currency', 'Gross', 'Fee', 'Net', 'Transaction ID'],
    instead: 'it is the shop that knows what was bought: export its orders instead',
  },
];

/** Says that a header is of a report that holds no orders, and which one does; `undefined` for any other header. */
export function describeOtherReport(header: readonly string[]): string | undefined {
  const columns = indexHeader(header);
  const found = reports.find(({ headers }) => headers.every((name) => columns.has(normaliseHeader(name))));
  return found && `these are ${found.title}, without what was ordered: ${found.instead}`;
}
