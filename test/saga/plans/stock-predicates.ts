import { sagaName, type SagaAction } from '../../../src/domain/saga.ts';
import { returnedLines } from './by-hand.ts';
import { addUp, difference, type Quantities } from './quantities.ts';
import { ledgerKey, type Rows } from './rows.ts';
import type { AtRest } from './run-plan.ts';

/** The goods that have been sold are the order's lines less what came back, and none are held; none at all once it is cancelled. */
export function keepsTheRightStock({ inventory, projection }: AtRest): string | undefined {
  const { rows } = projection;
  const { status } = rows.order;
  const { sold, held } = inventory.shelves.taken();
  if (status === 'CANCELLED' && rows.ledger.get('releaseInventoryIfReserved') === 'SKIPPED') return undefined;
  const possible = status === 'CANCELLED' ? [{}] : possibleGoods(rows);
  if (isNothing(held) && possible.some((goods) => isNothing(difference(sold, goods)))) return undefined;
  return `${status} with ${JSON.stringify(sold)} sold and ${JSON.stringify(held)} held, not ${JSON.stringify(possible[0])}`;
}

/** No more of a line has come back than was shipped, and no more was shipped than was sold. */
export function returnsNoMoreThanWasShipped({ projection }: AtRest): string | undefined {
  const { items, returns } = projection.rows;
  for (const { id, quantity, shippedQuantity, returnedQuantity } of items) {
    const back = returns
      .filter(({ state }) => state !== 'REJECTED')
      .flatMap((one) => one.items)
      .reduce((sum, item) => sum + (item.item_id === id ? item.quantity : 0), 0);
    if (back !== returnedQuantity) return `${back} of ${id} came back, and ${returnedQuantity} are on record`;
    if (back > shippedQuantity || shippedQuantity > quantity)
      return `${back} of ${shippedQuantity} of ${quantity} of ${id}`;
  }
  return undefined;
}

/** What the order may have taken: its goods less those that came back, or what an operator left as it was. */
function possibleGoods(rows: Rows['rows']): Quantities[] {
  const { items, amendments, returns, ledger } = rows;
  const isSkipped = (step: SagaAction, saga: string) => ledger.get(ledgerKey(step, saga)) === 'SKIPPED';
  const bought = [addUp(items)];
  for (const { number, before, items: after } of amendments) {
    const saga = sagaName('amend', number);
    if (isSkipped('restoreReservation', saga)) bought.push(addUp(after));
    if (isSkipped('releaseSurplus', saga)) bought.push(addUp(before));
  }
  let possible: Quantities[] = bought;
  for (const { number, state, items: quantities } of returns) {
    const back = addUp(returnedLines(rows, quantities));
    const without = possible.map((goods) => difference(goods, back));
    if (state !== 'REJECTED') possible = without;
    else if (isSkipped('withdrawRestock', sagaName('return', number))) possible = [...possible, ...without];
  }
  return possible;
}

function isNothing(quantities: Quantities): boolean {
  return Object.values(quantities).every((quantity) => quantity === 0);
}
