import { hasRole, priceSetters, type Caller } from '../../domain/caller.ts';
import type { FileOrder } from '../../domain/file-order.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { OrderDependencies } from '../../orders/dependencies.ts';
import { orderRequestSchema, type OrderRequest } from '../../orders/order-request.ts';
import { fillInPrices } from '../history/fill-in-prices.ts';
import { customerIdOf, nameCustomer } from '../name-customer.ts';
import { namedInFile, namedInRequest, type NamedInOrder } from '../named-in-order.ts';
import { maxRowsOf } from '../read-order-request.ts';
import { workInTurns } from '../work-in-turns.ts';
import { startAsking } from './ask-services.ts';
import { checkOrder } from './check-order.ts';
import { collectMissing, type Missing } from './collect-missing.ts';
import { countKnown } from './count-known.ts';
import { faultsOf } from './faults-of.ts';
import type { HeldOrder } from './hold-lines.ts';
import { readOrder, type ReadOrder } from './read-order.ts';
import type { Tallier } from './tally.ts';

/** Checks the orders of a file, a share of them at a time, and counts what it finds. */
export interface ShareChecker {
  readonly check: (orders: readonly HeldOrder[]) => Promise<void>;
  /** How many rows of an order are looked at. */
  readonly maxRows: number;
  /** What its orders name and nobody knows, as far as it was asked for. */
  readonly missing: () => Missing;
}

/** Makes the checker of one file. */
export function createShareChecker(
  dependencies: Pick<OrderDependencies, 'db' | 'rules' | 'gateways'>,
  caller: Caller,
  format: ImportFormat,
  tally: Tallier,
): ShareChecker {
  const { rules } = dependencies;
  const maxRows = maxRowsOf(format, rules);
  const readBy = { format, schema: orderRequestSchema(rules), maxRows };
  const services = startAsking(dependencies);
  const missing = collectMissing(services);
  const checkBy = {
    rules,
    maySetPrices: hasRole(caller, priceSetters),
    takingIn: format.takingIn,
    at: new Date(),
    factsOf: (request: OrderRequest, file: FileOrder | undefined) => {
      const facts = services.factsOf(request);
      if (!facts || !format.createMissing) return facts;
      return missing.complete(facts, namedInRequest(request, file, format.defaults), format.createMissing);
    },
  };
  const refuse = (held: HeldOrder, refusal: Refusal) => {
    tally.addRefused(faultsOf(refusal, held, format));
  };
  const check: ShareChecker['check'] = async (orders) => {
    const read: ReadOrder[] = [];
    await workInTurns(orders, (held) => {
      const one = readOrder(held, readBy);
      if (one instanceof Refusal) refuse(held, one);
      else read.push(one);
    });
    tally.addKnown(await countKnown(dependencies.db, caller, read));
    await services.ask(read.flatMap(({ request }) => request ?? []));
    const priced = await priceAll(dependencies, { read, format }, refuse);
    const named = (one: ReadOrder) => namedIn(one, format);
    if (format.createMissing) await services.askNamed(priced.map(named), format.createMissing);
    await workInTurns(priced, (one) => {
      // Nobody was asked of what an order names that is taken in, unless it is to be created.
      if (one.request !== null || format.createMissing) missing.note(named(one));
      const checked = checkOrder(one, checkBy);
      if (checked instanceof Refusal) refuse(one.held, checked);
      else tally.addOrder(one.held.reference, checked);
    });
  };
  return { check, maxRows, missing: missing.conclude };
}

function namedIn({ request, file }: ReadOrder, { defaults }: ImportFormat): NamedInOrder {
  if (request !== null) return namedInRequest(request, file, defaults);
  return namedInFile(file, customerIdOf(file, defaults, true) ?? nameCustomer(file), defaults);
}

/** The orders that are taken in with the catalogue's prices where they have none; those that are placed get theirs then. */
async function priceAll(
  dependencies: Pick<OrderDependencies, 'gateways'>,
  { read, format }: { readonly read: readonly ReadOrder[]; readonly format: ImportFormat },
  refuse: (held: HeldOrder, refusal: Refusal) => void,
): Promise<readonly ReadOrder[]> {
  const files = read.flatMap((one) => (one.request === null ? [{ held: one.held, file: one.file }] : []));
  if (files.length === 0) return read;
  const priced = await fillInPrices(
    dependencies,
    files.map(({ file }) => file),
    format,
  );
  return files.flatMap(({ held }, index) => {
    const file = priced[index];
    if (file instanceof Refusal) refuse(held, file);
    return file === undefined || file instanceof Refusal ? [] : [{ held, file, request: null }];
  });
}
