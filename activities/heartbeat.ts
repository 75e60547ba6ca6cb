import { cancellationSignal, heartbeat } from '@temporalio/activity';

/** Often enough that a heartbeat timeout of two seconds tells a dead worker from a busy one. */
const HEARTBEAT_INTERVAL_MS = 500;

/** Heartbeats for the activity under way until the returned function is called. */
export function startHeartbeat(): () => void {
  heartbeat();
  const timer = setInterval(() => {
    if (!cancellationSignal().aborted) heartbeat();
  }, HEARTBEAT_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}
