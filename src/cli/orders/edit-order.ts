import type { Operations, Order } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import { showOutcome } from './command-order.ts';
import type { Cli } from './connect.ts';

type Edit = Operations['editOrder']['request']['body'];

/** The parts of an address, by the end of their option, such as `--address-city`. */
export const addressParts = {
  Name: 'name',
  Company: 'company',
  Line1: 'line1',
  Line2: 'line2',
  City: 'city',
  Region: 'region',
  PostalCode: 'postal_code',
  Country: 'country',
  Phone: 'phone',
  Email: 'email',
} as const satisfies Record<string, keyof Order['shipping_address']>;

type Part = keyof typeof addressParts;

/** What to change, as command line options; an empty text removes what may be missing. */
export type EditFlags = Readonly<
  Partial<
    Record<
      | 'customerName'
      | 'email'
      | 'phone'
      | 'locale'
      | 'reference'
      | 'notes'
      | 'idempotencyKey'
      | `address${Part}`
      | `billing${Part}`,
      string
    >
  >
> & {
  /** `false` bills to the shipping address. */
  readonly billing?: boolean;
};

/** `orders edit`: changes who ordered it, its addresses, reference or notes. What is not given stays, the rest of an address included. */
export async function runEditCommand(cli: Cli, id: string, { idempotencyKey, ...flags }: EditFlags): Promise<void> {
  const shipping = readParts(flags, 'address');
  const billing = readParts(flags, 'billing');
  if (billing && flags.billing === false) throw new UsageError('Give either --no-billing or parts of an address.');
  // An address is replaced as a whole: its other parts are those that are on record, and stay so until it is written.
  const before = shipping || billing ? await cli.client.getOrder({ id }) : undefined;
  const body: Edit = {
    ...readDetails(flags),
    ...(shipping && { shipping_address: merge(before?.shipping_address, shipping) }),
    ...(billing && { billing_address: merge(before?.billing_address ?? before?.shipping_address, billing) }),
    ...(flags.billing === false && { billing_address: null }),
  };
  if (Object.keys(body).length === 0) throw new UsageError('Say what to change, such as --email ada@example.com.');
  const headers = {
    ...(before && { 'If-Match': `"${before.version}"` }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  };
  const order = await cli.client.editOrder({ id, body, headers });
  showOutcome(cli, order, 'changed');
}

function readDetails(flags: EditFlags): Edit {
  const { customerName, email, phone, locale, reference, notes } = flags;
  return {
    ...(customerName !== undefined && { customer_name: customerName || null }),
    ...(email !== undefined && { customer_email: email || null }),
    ...(phone !== undefined && { customer_phone: phone || null }),
    ...(locale !== undefined && { locale: locale || null }),
    ...(reference !== undefined && { reference: reference || null }),
    ...(notes !== undefined && { notes: notes || null }),
  };
}

type AddressEdit = Partial<Record<(typeof addressParts)[Part], string>>;

function readParts(flags: EditFlags, which: 'address' | 'billing'): AddressEdit | undefined {
  const given = Object.entries(addressParts).flatMap(([option, part]) => {
    const value = flags[`${which}${option as Part}`];
    return value === undefined ? [] : [[part, value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function merge(
  before: Order['shipping_address'] | undefined,
  parts: AddressEdit,
): NonNullable<Edit['shipping_address']> {
  const kept = Object.entries({ ...before, ...parts }).filter(([, value]) => value !== '' && value !== null);
  // The API checks it and says where each mistake is.
  return Object.fromEntries(kept) as unknown as NonNullable<Edit['shipping_address']>;
}
