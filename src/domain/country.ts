import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

/** The English names of each ISO 3166-1 alpha-2 code, without `XK` for Kosovo, which ISO has not assigned. */
export const countryNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<string | string[]>(english.countries)
    .filter(([code]) => code !== 'XK')
    .map(([code, names]) => [code, [names].flat()]),
);

/** Officially assigned ISO 3166-1 alpha-2 codes. */
export const countries: readonly string[] = [...countryNames.keys()].toSorted();
