import { OrdersProblemError } from '../../client/client.ts';
import type { Finding } from './check-system.ts';
import { stripControls } from './output.ts';

/** What is said of a list of things that failed. */
interface FailedList {
  readonly check: string;
  readonly none: string;
  /** Follows how many there are. */
  readonly some: string;
  /** To whom may not see them. */
  readonly hidden: string;
  /** Lists them all. */
  readonly command: string;
}

/** The oldest page of what failed: why each did, and whether there are more. */
interface FailedPage {
  readonly reasons: readonly (string | null)[];
  readonly isLast: boolean;
}

/** Finds what failed and waits for somebody, with why the oldest did and what to do. A caller who may not see it is told so. */
export async function checkFailed(
  { check, none, some, hidden, command }: FailedList,
  read: () => Promise<FailedPage>,
): Promise<Finding> {
  try {
    const { reasons, isLast } = await read();
    if (reasons.length === 0) return { check, state: 'ok', found: none };
    const found = `${reasons.length}${isLast ? '' : ' and more'} ${some}`;
    const todo = `${stripControls(reasons[0] ?? '')}\n${command}`.trim();
    return { check, state: 'warning', found, todo };
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return { check, state: 'ok', found: hidden };
  }
}
