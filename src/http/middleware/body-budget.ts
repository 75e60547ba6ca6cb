import { ProblemError } from '../problems/problem.ts';

/** The bytes of one body that are held in memory. */
export interface BodyReservation {
  /** Counts bytes that have come; throws UNAVAILABLE when there is no room for them. */
  readonly add: (bytes: number) => void;
  /** The whole body has come: it is held until it is answered, but its sender may begin others. */
  readonly complete: () => void;
  /** The body is not needed any more. */
  readonly release: () => void;
}

/** The memory that the bodies of a process share. */
export interface BodyBudget {
  /** Begins a body of at most `maxBytes`; throws UNAVAILABLE at once when there is no room for the `expected` ones. */
  readonly begin: (sender: string, sizes: { expected: number; maxBytes: number }) => BodyReservation;
}

/** The part of a budget that the unfinished bodies of one sender may take up, so that nobody can use up all of it by being slow. */
const PART_OF_ONE = 0.1;

/** A budget of `maxBytes`. Bytes count when they come: whoever only says that there will be many holds nothing. */
export function createBodyBudget(maxBytes: number): BodyBudget {
  let held = 0;
  const unfinished = new Map<string, number>();
  const count = (sender: string, bytes: number) => {
    const sum = (unfinished.get(sender) ?? 0) + bytes;
    if (sum > 0) unfinished.set(sender, sum);
    else unfinished.delete(sender);
  };
  return {
    begin: (sender, { expected, maxBytes: maxOfBody }) => {
      // A single body may always be as large as its route allows.
      const ofSender = Math.max(maxBytes * PART_OF_ONE, maxOfBody);
      const refuseBeyond = (bytes: number) => {
        if (held + bytes > maxBytes || (unfinished.get(sender) ?? 0) + bytes > ofSender) throw noRoom();
      };
      let own = 0;
      let isComplete = false;
      const complete = () => {
        if (!isComplete) count(sender, -own);
        isComplete = true;
      };
      refuseBeyond(expected);
      return {
        add: (bytes) => {
          refuseBeyond(bytes);
          own += bytes;
          held += bytes;
          count(sender, bytes);
        },
        complete,
        release: () => {
          complete();
          held -= own;
          own = 0;
        },
      };
    },
  };
}

function noRoom(): ProblemError {
  return new ProblemError('UNAVAILABLE', 'Too many large requests are under way right now.', {
    headers: { 'Retry-After': '2' },
  });
}
