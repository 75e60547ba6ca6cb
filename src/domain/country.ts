import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

/** The English names of each ISO 3166-1 alpha-2 code, without `XK` for Kosovo, which ISO has not assigned. */
export const countryNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<string | string[]>(english.countries)
    .filter(([code]) => code !== 'XK')
    .map(([code, names]) => [code, [names].flat()]),
);

/** Officially assigned ISO 3166-1 alpha-2 codes. */
export const countries: readonly string[] = [...countryNames.keys()].toSorted();

/**
 * Countries and territories where addresses have no postal code, or where many have none though a code exists (Ireland's Eircode,
 * Panama). Source: Universal Postal Union, postal addressing systems of its member countries.
 */
const withoutPostalCodes: ReadonlySet<string> = new Set(
  (
    'AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GM GH GQ GY HK IE JM KI KM KN KP ML MO MR MW ' +
    'NR NU PA QA RW SB SC SL SR ST SX SY TD TG TK TL TO TV UG VU YE ZW'
  ).split(' '),
);

/** Whether an address in the country is incomplete without a postal code. */
export function requiresPostalCode(country: string): boolean {
  return !withoutPostalCodes.has(country);
}
