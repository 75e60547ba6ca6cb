import { writeFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { escapeFormula } from '../../imports/escape-formula.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import type { DryRun, ImportOptions } from './upload-file.ts';

/** Throws for files that nothing would be written to. */
export function requireDryRun({ dryRun, missingCustomers, missingProducts }: ImportOptions): void {
  if (dryRun === true || (missingCustomers ?? missingProducts) === undefined) return;
  throw new UsageError('--missing-customers and --missing-products go with --dry-run.');
}

/** Writes the customers and products that a dry run found missing to the files that the options name, as CSV to be loaded into their services. */
export async function saveMissing({ note }: Cli, found: DryRun, options: ImportOptions): Promise<void> {
  const { missingCustomers, missingProducts } = options;
  if (missingCustomers !== undefined) {
    const rows = found.missing_customers.map(({ id, name, email }) => [id, name ?? '', email ?? '', 'ACTIVE']);
    await save(missingCustomers, [['id', 'name', 'email', 'status'], ...rows]);
    note(`${rows.length} customers are in ${missingCustomers}.`);
  }
  if (missingProducts !== undefined) {
    const rows = found.missing_products.map(({ sku, name, price, currency }) => [sku, name, price, currency, '0']);
    await save(missingProducts, [['sku', 'name', 'price', 'currency', 'stock'], ...rows]);
    note(`${rows.length} products are in ${missingProducts}; state their stock before you load them.`);
  }
}

async function save(file: string, rows: string[][]): Promise<void> {
  await writeFile(file, stringify(rows.map((row) => row.map(escapeFormula))));
}
