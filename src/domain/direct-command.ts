/** Whether a workflow has accepted a command, or why not: it is no valid command, or the order or import does not allow it now. */
export type DirectOutcome = 'accepted' | 'invalid' | 'not allowed';

/** A command that somebody sent to a workflow through Temporal and not through the API, for the audit log. */
export interface DirectCommandRecord {
  /** The order, unless it was sent to an import. */
  readonly orderId: string | null;
  readonly workflowId: string;
  readonly operation: string;
  readonly actor: string;
  readonly commandId: string;
  /** As the sender gave it, or what is wrong with the command. */
  readonly reason: string;
  readonly outcome: DirectOutcome;
}

/** How a direct command's actor begins: who they say they are, nobody has checked. */
const DIRECT_ACTOR = 'temporal:';

/** The actor of a direct command that does not say who sent it. */
export const UNNAMED_ACTOR = `${DIRECT_ACTOR}unnamed`;

/** The actor of a direct command whose sender calls themselves `name`. */
export function directActor(name: string): string {
  return `${DIRECT_ACTOR}${name}`;
}
