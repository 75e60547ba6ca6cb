/** Words for parts of an address, as the headers of files have them, without accents. */
const addressWords = new Set(
  (
    'address adress addr street avenue city zip zipcode postcode postal apartment apt recipient consignee addressee shipto deliverto ' +
    'adresse anschrift strasse hausnummer hausnr plz postleitzahl ort wohnort stadt empfanger lieferort ' +
    'rue ville destinataire commune direccion calle ciudad poblacion domicilio localidad municipio destinatario ' +
    'indirizzo citta comune adres straat straatnaam huisnummer plaats woonplaats endereco rua morada cidade cep bairro ' +
    'ulica miasto miejscowosc pocztowy gata gatuadress postnummer postnr vej gade poststed osoite katu kaupunki postinumero ' +
    'adresa ulice mesto psc utca varos iranyitoszam sokak sehir адрес улица город индекс 住所 郵便番号 地址 邮编 城市'
  ).split(' '),
);

/** Too short to be told among other words: these are a whole header or nothing. */
const wholeHeaders = new Set(['str', 'via', 'cap', 'cp', 'house', 'housenumber', 'houseno']);

/** What German, Dutch and Swedish put at the end of one word. */
const ADDRESS_ENDING = /(adresse|adress|adres|anschrift|strasse|straat)$/;

/** Words that make it the address of something else. */
const OTHER_ADDRESS = /^(e|email|mail|ip|mac|web|url)$/;

/** Words that make it an address that nothing is sent to. */
const BILLING_ADDRESS = /^(billing|bill|invoice|rechnung|rechnungs.*|facturation|facturacion|fatturazione|factuur.*)$/;

/** Whether a header seems to name a part of an address that goods are sent to; with `billingToo`, of any postal address. */
export function namesAddress(header: string, { billingToo }: { readonly billingToo: boolean }): boolean {
  const words = wordsOf(header);
  if (words.some((word) => OTHER_ADDRESS.test(word))) return false;
  if (!billingToo && words.some((word) => BILLING_ADDRESS.test(word))) return false;
  const pairs = words.map((word, index) => word + (words[index + 1] ?? ''));
  return (
    wholeHeaders.has(words.join('')) ||
    [...words, ...pairs].some((word) => addressWords.has(word) || ADDRESS_ENDING.test(word))
  );
}

/** `Ship To`, `shipTo` and `ship_to` have the same words. */
function wordsOf(header: string): string[] {
  const plain = header.replaceAll('ß', 'ss').normalize('NFD').replaceAll(/\p{M}/gu, '');
  const apart = plain.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
  return apart
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
