import type { Placed } from '../load.ts';

/** Something that confirms orders and is measured in turn with others. */
export interface Contestant extends AsyncDisposable {
  readonly name: string;
  /** Places an order and resolves once it is confirmed, for `runLoad`. */
  readonly place: () => Promise<Placed>;
  /** Whether it is the product, whose SQL statements are counted. */
  readonly isProduct?: boolean;
  /** The process that does the work, unless it is the product's or the bench's own. */
  readonly pid?: number;
  /** Whether its orders have no workflow on Temporal. */
  readonly isWithoutTemporal?: boolean;
  /** Stops using the machine until `resume` is called. */
  readonly pause?: () => void;
  readonly resume?: () => void;
}
