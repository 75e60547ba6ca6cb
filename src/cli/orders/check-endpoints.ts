import { OrdersProblemError } from '../../client/client.ts';
import type { Finding } from './check-system.ts';
import type { Cli } from './connect.ts';
import { readEndpoints } from './manage-endpoints.ts';
import { formatTime, stripControls } from './output.ts';

/** Finds webhook endpoints that fail or are disabled, with what to do about each. */
export async function checkEndpoints(cli: Cli): Promise<Finding[]> {
  const check = 'webhooks';
  try {
    const endpoints = await readEndpoints(cli);
    const troubled = endpoints.filter(({ state }) => state !== 'ACTIVE');
    if (troubled.length === 0) return [{ check, state: 'ok', found: `${endpoints.length} endpoints, none fails` }];
    return troubled.map((endpoint): Finding => {
      const { id, url, state, failing_since: failingSince, disabled_at: disabledAt, last_error: error } = endpoint;
      const since = formatTime(state === 'FAILING' ? failingSince : disabledAt);
      const reason = endpoint.disabled_reason === null ? '' : ` (${endpoint.disabled_reason})`;
      const todo =
        state === 'FAILING'
          ? `${error ?? ''}\norders endpoints deliveries ${id}`
          : `${error ?? ''}\nbring the receiver back, then: orders endpoints enable ${id}`;
      const found = stripControls(`${url} is ${state}${reason} since ${since}`);
      return { check, state: 'warning', found, todo: todo.trim().split('\n').map(stripControls).join('\n') };
    });
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 403) throw error;
    return [{ check, state: 'ok', found: 'only administrators see the endpoints' }];
  }
}
