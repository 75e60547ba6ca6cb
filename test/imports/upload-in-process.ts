import { createLogger } from '../../src/logger.ts';
import { uploadFile } from '../../src/imports/upload-file.ts';
import { openDatabase } from '../../src/repositories/database.ts';

/** Uploads a file of `rows` lines, 20 an order, to the database at `url`, and prints the import: for a process of its own. */
const [url = '', rows = ''] = process.argv.slice(2);

const ROWS_AT_ONCE = 5_000;

function* file() {
  yield Buffer.from('order,sku,qty,price,customer,Description\n');
  for (let row = 0; row < Number(rows); row += ROWS_AT_ONCE) {
    const lines = Array.from({ length: ROWS_AT_ONCE }, (_, index) => {
      const number = Math.floor((row + index) / 20);
      return `L-${number},MUG,1,12.50,alice,a description of some length that nobody needs ${row + index}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

const database = openDatabase(url, { max: 2, name: 'upload', onError: () => {} });
const logger = createLogger({ level: 'silent', format: 'json' }, 'test');
const uploaded = await uploadFile(
  {
    db: database.db,
    pool: database.pool,
    logger,
    write: (work) => work(),
    commands: { start: () => Promise.resolve(), send: () => Promise.resolve(false) },
  },
  { subject: 'shop', roles: ['service'], actor: 'service:shop', expiresAtMs: Number.POSITIVE_INFINITY },
  ReadableStream.from(file()),
  {
    idempotencyKey: undefined,
    fileName: undefined,
    encoding: undefined,
    delimiter: undefined,
    named: {},
    defaults: { currency: 'EUR', paymentMethod: 'tok_ok', customerId: 'alice', country: 'GB' },
  },
);
process.stdout.write(JSON.stringify(uploaded));
await database.close();
