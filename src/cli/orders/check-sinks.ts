import { OrdersProblemError, type EventSink } from '../../client/client.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';
import { formatTime, stripControls } from './output.ts';

/** Checks that every sink of events takes them, and that none has dead letters. */
export async function checkSinks({ client }: Cli): Promise<Finding[]> {
  const check = 'events';
  try {
    const { data: sinks } = await client.listEventSinks();
    const troubles = sinks.flatMap((sink) => troublesOf(sink).map((trouble) => ({ check, ...trouble })));
    const found = sinks.length === 0 ? 'they go to no sink' : 'every sink takes them';
    return troubles.length > 0 ? troubles : [{ check, state: 'ok', found }];
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return [{ check, state: 'ok', found: 'only operators see where they go' }];
  }
}

function troublesOf(sink: EventSink): Omit<Finding, 'check'>[] {
  const { name, unpublished, dead_letters: dead, failing_since: since, last_error: error } = sink;
  const troubles: Omit<Finding, 'check'>[] = [];
  if (since !== null) {
    const found = stripControls(
      `${name} fails since ${formatTime(since)}, ${unpublished} events wait: ${error ?? 'no answer'}`,
    );
    troubles.push({ state: 'warning', found, todo: 'Bring it back; the events follow by themselves.' });
  }
  if (dead > 0) {
    const found = `${name} has rejected ${dead} ${dead === 1 ? 'event' : 'events'} for good`;
    troubles.push({ state: 'warning', found, todo: `orders events list --state DEAD --sink ${stripControls(name)}` });
  }
  return troubles;
}
