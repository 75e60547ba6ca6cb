import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

test('the orders report of eBay of Germany is recognised, with its own headers, months, amounts and footer', async () => {
  const columns = [
    'Verkaufsprotokollnummer',
    'Bestellnummer',
    'Nutzername des Käufers',
    'Name des Käufers',
    'Name des Empfängers',
    'Adresse 1 des Empfängers',
    'Versand nach - Ort',
    'Versand nach - PLZ',
    'Versand nach - Land',
    'Artikelnummer',
    'Angebotstitel',
    'Bestandseinheit',
    'Anzahl',
    'Verkauft für',
    'Verpackung und Versand',
    'Gesamtbetrag',
    'Verkauft am',
    'Zahlungsdatum',
    'Verschickt am - Datum',
  ];
  const order = {
    'Nutzername des Käufers': 'pat',
    'Name des Käufers': '--',
    'Name des Empfängers': 'Pat Muster',
    'Adresse 1 des Empfängers': 'Musterweg 1',
    'Versand nach - Ort': 'Köln',
    'Versand nach - PLZ': '50667',
    'Versand nach - Land': 'Deutschland',
    'Verkauft am': '10-Dez-25',
    Zahlungsdatum: '11-Dez-25',
  };
  const line = { Angebotstitel: 'Tasse', Artikelnummer: '335000000001', Anzahl: '1', 'Verkauft für': '19,99 €' };
  const text = table(
    columns,
    [
      {
        ...order,
        ...line,
        Verkaufsprotokollnummer: '1',
        Bestellnummer: 'A',
        Anzahl: '2',
        'Verpackung und Versand': '4,99 €',
        Gesamtbetrag: '44,97 €',
        'Verschickt am - Datum': '12-Mär-26',
      },
      {
        ...order,
        Verkaufsprotokollnummer: '2',
        Bestellnummer: 'B',
        Anzahl: '2',
        'Verkauft für': '1.239,99 €',
        'Verpackung und Versand': '0,00 €',
        Gesamtbetrag: '1.239,99 €',
        'Verschickt am - Datum': '--',
      },
      { ...line, Verkaufsprotokollnummer: '3', Bestellnummer: 'B', Bestandseinheit: 'MUG-1' },
      {
        ...line,
        Verkaufsprotokollnummer: '4',
        Bestellnummer: 'B',
        Bestandseinheit: 'LAMP-1',
        'Verkauft für': '1.220,00 €',
      },
    ],
    ';',
  );
  const read = await readText(`${text}\n2;Datensätze heruntergeladen\nVerkäufer-ID: shop\n`);
  expect([...read.faults]).toEqual([]);
  expect(read.format.reading?.preset.name).toBe('ebay');
  expect(tell(read)).toEqual([
    'A: 2 335000000001 at 19.99, 2 sent; shipping 4.99 = 44.97 EUR, SHIPPED, PAID',
    'B: 1 MUG-1 at 19.99; 1 LAMP-1 at 1220.00 = 1239.99 EUR, OPEN, PAID',
  ]);
  expect(read.orders.get('A')).toMatchObject({
    customer: { name: 'Pat Muster' },
    shippedAt: new Date('2026-03-12'),
    shippingAddress: { city: 'Köln', country: 'DE' },
  });
});
