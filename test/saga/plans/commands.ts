import type { OrderStatus } from '../../../src/domain/order-status.ts';
import type { Plan } from './plan.ts';
import type { Answer } from './updates.ts';
import type { World } from './world.ts';

/** A command that was sent as an update, with its answer and where the order stood then. */
export interface SentCommand {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  answer?: Answer;
  statusThen?: OrderStatus;
  wasPartlyShippedThen?: boolean;
}

/** How a command is sent; `twice` sends it again under the same id, as a signal. */
interface Sending {
  readonly what: string;
  readonly by: 'update' | 'signal';
  readonly twice: boolean;
}

/** How long a client that lost its connection waits before it sends its update again. */
const REPEAT_MS = 1_000;

/** Sends commands to the order's workflow and notes what they were answered. */
export class Commands {
  /** Those that were sent as updates. */
  readonly sent: SentCommand[] = [];
  readonly #world: World;
  readonly #persists: boolean;
  #count = 0;

  constructor(world: World, { callersPersist }: Pick<Plan, 'callersPersist'>) {
    this.#world = world;
    this.#persists = callersPersist;
  }

  /** `prepare` is called with the command's id before it is sent. */
  send(
    { what, by, twice }: Sending,
    more: Readonly<Record<string, unknown>>,
    prepare: (id: string) => void = () => {},
  ): void {
    // A return is known by its command's id, which has to be a UUID.
    const id = `00000000-0000-4000-8000-${String((this.#count += 1)).padStart(12, '0')}`;
    prepare(id);
    const payload = { actor: 'test', reason: 'planned', command_id: id, ...more };
    if (by === 'update') {
      const command: SentCommand = { id, name: what, payload };
      this.sent.push(command);
      this.#update(command);
    }
    if (by === 'signal' || twice) this.#world.server.signal(what, { from_api: payload });
  }

  /** Sends an update; a client that persists sends it again if nobody answered. */
  #update(command: SentCommand): void {
    const { server, clock, projection } = this.#world;
    const persists = this.#persists;
    server.update(command.id, command.name, { from_api: command.payload }, (answer) => {
      command.answer = answer;
      command.statusThen = projection.rows.order.status;
      command.wasPartlyShippedThen = projection.rows.items.some((item) => item.shippedQuantity > 0);
      if (answer.kind === 'lost' && persists) clock.schedule(REPEAT_MS, () => this.#update(command));
    });
  }
}
