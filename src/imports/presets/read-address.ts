import type { ImportDefaults } from '../../domain/import-columns.ts';
import type { Address } from '../../domain/order.ts';
import type { OrderTextField } from '../../domain/preset-fields.ts';
import { countryCode } from '../country-code.ts';
import type { FileRow } from './file-row.ts';
import type { OrderCells } from './order-cells.ts';
import type { CellReader } from './read-cells.ts';

/** What stands in an address for what its file does not state. */
const NOT_STATED = 'Not stated';

/** The code of no country, by ISO 3166: of an order of which nothing is sent any more, and whose file states no address at all. */
const NO_COUNTRY = 'ZZ';

const shippingFields = {
  name: 'name',
  company: 'company',
  line1: 'line1',
  line2: 'line2',
  line3: 'line3',
  city: 'city',
  region: 'region',
  postal_code: 'postal_code',
  country: 'country',
  phone: 'recipient_phone',
  email: 'recipient_email',
} as const satisfies Record<string, OrderTextField>;

const billingFields = {
  name: 'billing_name',
  company: 'billing_company',
  line1: 'billing_line1',
  line2: 'billing_line2',
  line3: null,
  city: 'billing_city',
  region: 'billing_region',
  postal_code: 'billing_postal_code',
  country: 'billing_country',
  phone: 'billing_phone',
  email: 'billing_email',
} as const satisfies Record<string, OrderTextField | null>;

type Part = keyof typeof shippingFields;
const partNames = Object.keys(shippingFields) as Part[];
type Parts = Readonly<Partial<Record<Part, string>>>;

/** The address that goods are sent to: as stated, else the billing address, else one that says that none is stated. */
export function readShippingAddress(
  cells: CellReader,
  order: OrderCells,
  row: FileRow | undefined,
  { defaults, isToBeSent }: { readonly defaults: ImportDefaults; readonly isToBeSent: boolean },
): Address {
  const shipping = readParts(order, shippingFields);
  const billing = readParts(order, billingFields);
  const parts = isPlace(shipping) || !isPlace(billing) ? shipping : { ...billing, ...shipping };
  const isStated = isPlace(parts);
  // Goods that are sent nowhere, such as downloads, have a billing address, of which often the country alone is stated.
  const ofBilling = isStated ? undefined : billing.country;
  const country = countryOf(
    cells,
    parts.country ?? ofBilling,
    row,
    isStated
      ? (defaults.addressCountry ?? defaults.country)
      : (defaults.country ?? (isToBeSent ? undefined : NO_COUNTRY)),
  );
  const postalCode = wholePostalCode(parts, country);
  notePostalCode(cells, postalCode, country, row);
  const name = parts.name ?? billing.name ?? order.text('customer_name') ?? NOT_STATED;
  return addressOf({ ...parts, ...(postalCode !== undefined && { postal_code: postalCode }), name }, country);
}

/** The billing address, if the file states one; `null` where it has only a name, say. */
export function readBillingAddress(
  cells: CellReader,
  order: OrderCells,
  row: FileRow | undefined,
  fallback: string,
): Address | null {
  const parts = readParts(order, billingFields);
  if (parts.line1 === undefined) return null;
  const country = countryOf(cells, parts.country, row, fallback, 'billing_country');
  const postalCode = wholePostalCode(parts, country);
  const name = parts.name ?? order.text('customer_name') ?? NOT_STATED;
  return addressOf({ ...parts, ...(postalCode !== undefined && { postal_code: postalCode }), name }, country);
}

function readParts(order: OrderCells, fields: Readonly<Record<Part, OrderTextField | null>>): Parts {
  const parts: Partial<Record<Part, string>> = {};
  for (const part of partNames) {
    const field = fields[part];
    const text = field === null ? null : order.text(field);
    // So does an export of our own write it.
    if (text !== null && text !== NOT_STATED) parts[part] = text;
  }
  return parts;
}

function isPlace({ line1, city, postal_code: postalCode }: Parts): boolean {
  return line1 !== undefined || city !== undefined || postalCode !== undefined;
}

function countryOf(
  cells: CellReader,
  text: string | undefined,
  row: FileRow | undefined,
  fallback: string | undefined,
  field: 'country' | 'billing_country' = 'country',
): string {
  const code = countryCode(text ?? '');
  if (code === undefined)
    cells.fault(`"${(text ?? '').slice(0, 40)}" is not the code or the name of a country`, row, field);
  if (code === null && fallback === undefined) {
    cells.fault('is missing: give country with the import', row, field);
  }
  return code ?? fallback ?? '';
}

/** Digits of postal codes of countries in which some begin with 0. */
const postalDigits: Readonly<Record<string, number>> = {
  ...Object.fromEntries('AU DK NO NZ PH ZA'.split(' ').map((country) => [country, 4])),
  ...Object.fromEntries('DE EE ES FI FR HR IT KR MX MY PR SK TR UA US'.split(' ').map((country) => [country, 5])),
  ...Object.fromEntries('CN RO SG'.split(' ').map((country) => [country, 6])),
  JP: 7,
  BR: 8,
};

/** States of the USA all of whose ZIP codes begin with 0, by code and by name. */
const zeroStates =
  /^(?:(?:US-)?(?:CT|MA|ME|NH|NJ|RI|VT)|connecticut|massachusetts|maine|new hampshire|new jersey|rhode island|vermont)$/i;

/** A code with the zero that a spreadsheet has dropped, where it is certain: `6824` of a state all of whose codes begin with 0. */
function wholePostalCode({ postal_code: code, region }: Parts, country: string): string | undefined {
  const hasLostZero = country === 'US' && /^[1-9]\d{3}$/.test(code ?? '') && zeroStates.test(region ?? '');
  return hasLostZero ? `0${code}` : code;
}

/** Spreadsheets drop the zeros in front of a number; goods would go astray. */
function notePostalCode(cells: CellReader, code: string | undefined, country: string, row: FileRow | undefined): void {
  const digits = postalDigits[country];
  if (code === undefined || digits === undefined || code.length >= digits || !/^\d+$/.test(code)) return;
  cells.fault(
    `"${code}" has ${code.length} of the ${digits} digits of a postal code of ${country}, as where a spreadsheet has dropped zeros: format its column as text, or leave it out with column.postal_code=-`,
    row,
    'postal_code',
  );
}

const LINE_ENDS = /[\r\n]+/;

/** A line of an address may hold several, as people write them in one box. */
function addressOf(
  { line1 = NOT_STATED, line2, line3, city = NOT_STATED, name = NOT_STATED, ...parts }: Parts,
  country: string,
): Address {
  const [first = NOT_STATED, ...more] = [line1, line2, line3]
    .flatMap((line = '') => (LINE_ENDS.test(line) ? line.split(LINE_ENDS) : line))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const { company, region, postal_code: postalCode, phone, email } = parts;
  return {
    name,
    line1: first,
    ...(more.length > 0 && { line2: more.join(', ') }),
    city,
    ...(region !== undefined && { region }),
    ...(postalCode !== undefined && { postal_code: postalCode }),
    country,
    ...(company !== undefined && { company }),
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
  };
}
