import type { Caller } from '../../domain/caller.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import type { OrderDependencies } from '../../orders/dependencies.ts';
import { hashBody } from '../hash-body.ts';
import { readOrderLines, type FileFormat } from '../read-order-lines.ts';
import { createShareChecker } from './check-share.ts';
import type { Missing } from './collect-missing.ts';
import { holdLines } from './hold-lines.ts';
import { startTally, type Tally } from './tally.ts';

/** What a dry run works with. */
export type DryRunDependencies = Pick<OrderDependencies, 'db' | 'rules' | 'gateways'>;

/** What a file would do. */
export interface DryRun {
  readonly format: ImportFormat;
  readonly rows: number;
  readonly tally: Tally;
  readonly missing: Missing;
}

/**
 * Reads a file and decides of every order of it as an import would, without writing anything: only the stock is not asked for. Throws a `Refusal`
 * for a file that can't be read or is too large; `body` is read to its end even then. Rejects when a service is away that placing would ask.
 */
export async function dryRunFile(
  dependencies: DryRunDependencies,
  caller: Caller,
  body: AsyncIterable<Uint8Array>,
  options: FileFormat,
): Promise<DryRun> {
  const file = hashBody(body, '');
  const holder = holdLines();
  let rows = 0;
  let format: ImportFormat;
  try {
    format = await readOrderLines(file.chunks(), options, (lines) => {
      rows += lines.length;
      return holder.add(lines);
    });
  } catch (error) {
    await file.drain().catch(() => {});
    throw error;
  }
  const tally = startTally();
  const { check, maxRows, missing } = createShareChecker(dependencies, caller, format, tally);
  for await (const orders of holder.orders(maxRows)) {
    await check(orders);
  }
  return { format, rows, tally: tally.conclude(), missing: missing() };
}
