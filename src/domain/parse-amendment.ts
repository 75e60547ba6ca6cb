import { amendments, type AmendItemsCommand, type Command, type OrderCommand } from './messages.ts';
import { isQuantity, QUANTITY } from './read-fields.ts';
import type { ReadMessage } from './read-message.ts';
import { isLine, MAX_SKU } from './text-rules.ts';
import { isUuid } from './uuid.ts';

type Change = AmendItemsCommand['change'];

/** The fields that go with each change, as people give them. To redirect the goods takes an address, which only the API puts on record. */
const fieldsOf: { readonly [Name in Change]?: readonly string[] } = {
  add: ['sku', 'product_id', 'quantity'],
  set: ['item_id', 'quantity'],
  remove: ['item_id'],
};

/**
 * Reads a command that amends an order's items. Only the API may say which variant and at which price, to which version of the order,
 * and which id a new line gets. Returns a sentence when something is wrong.
 */
export function parseAmendment({
  base,
  given,
  isFromApi,
}: ReadMessage): Extract<OrderCommand, { name: 'amendItems' }> | string {
  const change = amendments.find((known) => known === given.get('change'));
  const own = change && fieldsOf[change];
  if (!change || (!own && !isFromApi)) return `"change" must be one of ${Object.keys(fieldsOf).join(', ')}`;
  const others = Object.values(fieldsOf)
    .flat()
    .filter((field) => !own?.includes(field) && given.has(field));
  if (own && !isFromApi && others.length > 0) return `"${change}" goes with ${listFields(own)} only`;
  const details = readDetails(change, given);
  if (typeof details === 'string') return details;
  const agreed = isFromApi ? readAgreed(given) : {};
  return { name: 'amendItems', input: { ...base, change, ...details, ...agreed } };
}

type Details = Omit<AmendItemsCommand, keyof Command | 'change'>;

function readDetails(change: Change, given: ReadMessage['given']): Details | string {
  if (change === 'redirect') return {};
  return change === 'add' ? readAddition(given) : readChange(change, given);
}

function readAddition(given: ReadMessage['given']): Details | string {
  const sku = given.get('sku') ?? undefined;
  const productId = given.get('product_id') ?? undefined;
  const quantity = given.get('quantity');
  if (!isQuantity(quantity)) return QUANTITY;
  if ((sku === undefined) === (productId === undefined)) return 'either "sku" or "product_id" must name what to add';
  if (isName(sku)) return { sku, quantity };
  if (isName(productId)) return { product_id: productId, quantity };
  return `"sku" or "product_id" must be one line of at most ${MAX_SKU} characters`;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && isLine(value, MAX_SKU);
}

function readChange(change: Extract<Change, 'set' | 'remove'>, given: ReadMessage['given']): Details | string {
  const id = given.get('item_id');
  if (typeof id !== 'string' || !isUuid(id)) return '"item_id" must be the id of a line of the order';
  if (change === 'remove') return { item_id: id };
  const quantity = given.get('quantity');
  return isQuantity(quantity) ? { item_id: id, quantity } : QUANTITY;
}

/** What the API adds to what was asked for. */
function readAgreed(
  given: ReadMessage['given'],
): Pick<Details, 'item_id' | 'variant_id' | 'unit_price' | 'expected_version'> {
  const { item_id: id, variant_id: variant, unit_price: price, expected_version: version } = Object.fromEntries(given);
  return {
    ...(isName(variant) && { variant_id: variant }),
    ...(typeof id === 'string' && isUuid(id) && { item_id: id }),
    ...(typeof price === 'string' && { unit_price: price }),
    ...(typeof version === 'number' && { expected_version: version }),
  };
}

function listFields(fields: readonly string[]): string {
  return fields.map((field) => `"${field}"`).join(', ');
}
