import { LRUCache } from 'lru-cache';

/** The locale that a browser asks for first, if this process knows it; English otherwise. */
export function localeOf(acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim() ?? '')
    .filter((tag) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag));
  try {
    return Intl.NumberFormat.supportedLocalesOf(wanted)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

/** An amount as the locale writes it, with the decimals that it has: the runtime's own table of decimals is wrong for some currencies. */
export function formatAmount(amount: string, currency: string, locale: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  // As text, which has no limit of precision.
  return formatOf(locale, currency, decimals).format(amount as Intl.StringNumericLiteral);
}

/** Making one takes longer than all that a page writes with it. */
const formats = new LRUCache<string, Intl.NumberFormat>({ max: 200 });

function formatOf(locale: string, currency: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${decimals}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits });
  formats.set(key, format);
  return format;
}
