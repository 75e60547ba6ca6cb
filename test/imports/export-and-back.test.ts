import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { orderLinesTable } from '../../src/http/routes/orders/order-lines-table.ts';
import { holdLines } from '../../src/imports/dry-run/hold-lines.ts';
import { escapeFormula } from '../../src/imports/escape-formula.ts';
import { readFileOrder } from '../../src/imports/presets/read-file-order.ts';
import { readOrderLines } from '../../src/imports/read-order-lines.ts';
import { sampleOrders } from './sample-orders.ts';

test('orders that are exported line by line are read back as they are, whatever they hold', async () => {
  const drawnOrders = sampleOrders(400);
  const rows = drawnOrders.flatMap(({ order }) => orderLinesTable.rowsOf(order));
  const cells = rows.map((row) => row.map((cell) => escapeFormula(String(cell ?? ''))));
  for (const delimiter of [',', ';', '\t']) {
    const file = stringify([[...orderLinesTable.columns], ...cells], { delimiter, bom: true });
    const holder = holdLines();
    const options = { encoding: undefined, delimiter: undefined, named: {}, defaults: {}, mode: 'history' } as const;
    const format = await readOrderLines(ReadableStream.from([Buffer.from(file)]), options, holder.add);
    expect(format.reading?.preset.name).toBe('orders');
    const read = new Map<string, unknown>();
    for await (const orders of holder.orders(100)) {
      for (const { reference, lines } of orders) read.set(reference, readFileOrder(reference, lines, format));
    }
    expect(read.size).toBe(drawnOrders.length);
    for (const { stated } of drawnOrders) expect(read.get(stated.reference)).toEqual({ order: stated });
  }
});
