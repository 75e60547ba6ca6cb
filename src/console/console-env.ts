import type { Access } from '../access/access.ts';
import type { ConsoleConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { View } from './view.ts';

/** What the console works with. */
export interface ConsoleDependencies {
  readonly config: ConsoleConfig;
  readonly db: Db;
  readonly logger: Logger;
  readonly access: Pick<Access, 'authenticate' | 'limiters'>;
  /** The API of this process, which everything goes through. */
  readonly api: { readonly fetch: (request: Request, bindings: object) => Response | Promise<Response> };
  /** The Temporal namespace of the orders, for links to their runs. */
  readonly namespace: string;
}

/** What every handler behind the sign-in finds in its context. */
export interface ConsoleEnv {
  Variables: { view: View; requestId: string };
}
