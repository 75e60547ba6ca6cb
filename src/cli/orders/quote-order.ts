import type { Operations } from '../../client/client.ts';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { readOrderRequest, type OrderFlags } from './order-request.ts';
import { formatFields, formatTable } from './table.ts';

type Quote = Operations['quoteOrder']['answer'];
type QuoteRequest = Operations['quoteOrder']['request']['body'];

/** `orders quote`: what an order would come to; fails when it would be refused, with every reason. */
export async function runQuoteCommand({ client, json, print, printJson }: Cli, flags: OrderFlags): Promise<void> {
  // The API checks the body and says where each mistake is.
  const quote = await client.quoteOrder({ body: (await readOrderRequest(flags)) as unknown as QuoteRequest });
  if (json) printJson(quote);
  else print(formatQuote(quote));
  if (quote.acceptable) return;
  const reasons = quote.refusals.map(({ code, message, details }) => `${code}: ${message} ${JSON.stringify(details)}`);
  throw new CliError(`The order would be refused.\n${reasons.join('\n')}`);
}

function formatQuote(quote: Quote): string {
  const { subtotal, discount, tax, shipping, total, currency } = quote;
  const amounts = Object.entries({ subtotal, discount, tax, shipping, total });
  return [
    formatTable(columns, quote.items),
    formatFields(amounts.map(([name, amount]) => [name, amount && `${amount} ${currency}`])),
  ].join('\n\n');
}

const columns = [
  { title: 'SKU', of: ({ sku }: Quote['items'][number]) => sku ?? '' },
  { title: 'QTY', align: 'right', of: ({ quantity }: Quote['items'][number]) => String(quantity) },
  { title: 'IN STOCK', align: 'right', of: ({ available }: Quote['items'][number]) => String(available ?? '?') },
  { title: 'PRICE', align: 'right', of: (item: Quote['items'][number]) => item.unit_price ?? '' },
  { title: 'TOTAL', align: 'right', of: ({ total }: Quote['items'][number]) => total ?? '' },
  { title: 'NAME', of: ({ name }: Quote['items'][number]) => name ?? '' },
] as const;
