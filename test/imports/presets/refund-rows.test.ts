import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';

test('pieces that came back are counted once, on those lines of their product of which some are still out', async () => {
  const rows = [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    '1,MUG,Mug,6,12/13/2010 8:26,2.55,17850,United Kingdom',
    '1,MUG,Mug,4,12/13/2010 8:26,2.55,17850,United Kingdom',
    '1,POST,POSTAGE,1,12/13/2010 8:26,18,17850,United Kingdom',
    '1,MUG,Mug,-7,12/13/2010 8:26,2.55,17850,United Kingdom',
    'C2,MUG,Mug,-7,12/13/2010 8:26,2.55,17850,United Kingdom',
    '3,MUG,damaged,-7,12/13/2010 8:26,0,,United Kingdom',
    '4,MUG,Mug,2,12/13/2010 8:26,2.55,,United Kingdom',
    '4,MUG,Mug,-3,12/13/2010 8:26,2.55,,United Kingdom',
  ];
  const read = await readText(rows.join('\n'), { defaults: { currency: 'GBP' } });
  expect(tell(read)).toEqual([
    '1: 6 MUG at 2.55, 6 sent, 6 back; 4 MUG at 2.55, 4 sent, 1 back; 1 POST at 18.00, 1 sent = 43.50 GBP, DELIVERED, PARTIALLY_REFUNDED 17.85',
    // Signs don't count in what was cancelled as a whole.
    'C2: 7 MUG at 2.55 = 17.85 GBP, CANCELLED, UNPAID',
  ]);
  expect(read.faults.get('3')).toMatchObject([{ line: 7, message: expect.stringContaining('has refunds only') }]);
  expect(read.faults.get('4')?.[0]).toMatchObject({
    line: 9,
    column: 'Quantity',
    message: expect.stringMatching(/^3 /),
  });
});
