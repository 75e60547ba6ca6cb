import { MAX_SKU } from '../../domain/text-rules.ts';

/** Texts that only people read: they understand one with a replaced character all the same. */
const remarks: ReadonlySet<string> = new Set(['notes', 'cancellation_reason', 'product_name', 'shipping_method']);

/** What others are asked for by it, in the same characters. */
const codes: ReadonlySet<string> = new Set(['sku', 'product_id', 'variant_id', 'customer_id']);

const addressesOfMail: ReadonlySet<string> = new Set(['customer_email', 'recipient_email', 'billing_email']);

/** Longer than any name or line of an address. */
const MAX_TEXT = 500;

// oxlint-disable no-control-regex -- control characters are what it is about
/** Characters that no text shows, overrides of its direction, and what stands for a character that was lost. */
const SUSPECT = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]/;

/** Lines of an address may stand in one cell. */
const NO_LINE_END = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/;
// oxlint-enable no-control-regex

const SEVERAL = /@.*[,;\s<>]|[,;\s<>].*@/;

/** Why the text of a field is refused: a damaged address would send goods to the wrong place, and a damaged code names no product. `undefined` when it is fine. */
export function faultOfText(field: string, cell: string): string | undefined {
  if (remarks.has(field)) return undefined;
  if (codes.has(field) && cell.length > MAX_SKU) return `is longer than ${MAX_SKU} characters`;
  if (cell.length > MAX_TEXT) return `is longer than ${MAX_TEXT} characters`;
  if (addressesOfMail.has(field) && SEVERAL.test(cell)) return 'is not one e-mail address: leave only the one to use';
  if (!SUSPECT.test(cell)) return undefined;
  if (cell.includes('\ufffd'))
    return 'has a character that another program could not read and has replaced by \ufffd: export the file anew, as UTF-8';
  if (codes.has(field) || NO_LINE_END.test(cell))
    return 'has characters that do not show, or change the direction of the text';
  return undefined;
}
