import type { WebhookEndpoint } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { formatTime, paint, paintStatus, stripControls } from './output.ts';
import { formatFields, formatTable, type Column } from './table.ts';

/** The fields of an endpoint, as command line options. */
export interface EndpointOptions {
  /** Where events are posted; `--url` is the API's. */
  readonly to?: string;
  readonly type?: readonly string[];
  readonly description?: string;
  readonly enabled?: boolean;
}

/** `orders endpoints list`: every endpoint. */
export async function runListEndpointsCommand(cli: Cli): Promise<void> {
  const endpoints = await readEndpoints(cli);
  if (cli.json) return cli.printJson({ data: endpoints, next_cursor: null });
  if (endpoints.length === 0) return cli.note('no webhook endpoints; orders endpoints create makes one');
  cli.print(formatTable(columns, endpoints));
}

/** Reads every page of the endpoints. */
export async function readEndpoints({ client }: Cli): Promise<WebhookEndpoint[]> {
  const endpoints: WebhookEndpoint[] = [];
  let cursor: string | null = null;
  do {
    // Each page continues the one before.
    // oxlint-disable-next-line no-await-in-loop
    const page: Awaited<ReturnType<Cli['client']['listWebhookEndpoints']>> = await client.listWebhookEndpoints({
      limit: 200,
      ...(cursor !== null && { cursor }),
    });
    endpoints.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return endpoints;
}

/** `orders endpoints get`: one endpoint. */
export async function runShowEndpointCommand(cli: Cli, id: string): Promise<void> {
  show(cli, await cli.client.getWebhookEndpoint({ id }));
}

/** `orders endpoints create`: makes an endpoint, and shows its secret. */
export async function runCreateEndpointCommand(
  cli: Cli,
  { to: url, type, description }: EndpointOptions,
): Promise<void> {
  if (url === undefined || type === undefined) throw new UsageError('Give an address and at least one --type.');
  const body = { url, event_types: [...type], ...(description !== undefined && { description }) };
  showSecret(cli, await cli.client.createWebhookEndpoint({ body }));
}

/** `orders endpoints change`, `enable` and `disable`. */
export async function runChangeEndpointCommand(cli: Cli, id: string, options: EndpointOptions): Promise<void> {
  const { to: url, type, description, enabled } = options;
  const body = {
    ...(url !== undefined && { url }),
    ...(type !== undefined && { event_types: [...type] }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
  };
  if (Object.keys(body).length === 0) throw new UsageError('Give what is to change: --to, --type or --description.');
  show(cli, await cli.client.changeWebhookEndpoint({ id, body }));
}

/** `orders endpoints delete`. */
export async function runDeleteEndpointCommand(cli: Cli, id: string): Promise<void> {
  const endpoint = await cli.client.deleteWebhookEndpoint({ id });
  if (cli.json) cli.printJson(endpoint);
  else cli.print(`removed ${stripControls(endpoint.url)}`);
}

/** `orders endpoints rotate-secret`: gives an endpoint a new secret, and shows it. */
export async function runRotateSecretCommand(cli: Cli, id: string): Promise<void> {
  showSecret(cli, await cli.client.rotateWebhookSecret({ id }));
}

function showSecret(cli: Cli, endpoint: WebhookEndpoint & { readonly secret: string }): void {
  show(cli, endpoint);
  if (cli.json) return;
  cli.print(`${paint('secret', 'dim')}  ${stripControls(endpoint.secret)}`);
  cli.note('Keep the secret now: it is never shown again.');
}

function show(cli: Cli, endpoint: WebhookEndpoint): void {
  if (cli.json) return cli.printJson(endpoint);
  const { failing_since: failingSince, disabled_at: disabledAt, previous_secret_until: previousUntil } = endpoint;
  cli.print(
    formatFields([
      ['id', endpoint.id],
      ['url', stripControls(endpoint.url)],
      ['events', stripControls(endpoint.event_types.join(', '))],
      ['description', endpoint.description === null ? null : stripControls(endpoint.description)],
      ['state', paintStatus(endpoint.state)],
      ['failing since', failingSince === null ? null : formatTime(failingSince)],
      ['disabled', disabledAt === null ? null : `${formatTime(disabledAt)} ${endpoint.disabled_reason ?? ''}`],
      ['last error', endpoint.last_error === null ? null : stripControls(endpoint.last_error)],
      ['previous secret until', previousUntil === null ? null : formatTime(previousUntil)],
      ['made by', endpoint.configured ? 'EVENTS_URL' : null],
    ]),
  );
}

const columns: readonly Column<WebhookEndpoint>[] = [
  { title: 'ENDPOINT', of: ({ id }) => id },
  { title: 'STATE', of: ({ state }) => state, paint: ({ state }, text) => paintStatus(state, text) },
  { title: 'FAILING SINCE', of: ({ failing_since: since }) => formatTime(since) },
  { title: 'EVENTS', of: ({ event_types: types }) => types.join(',') },
  { title: 'URL', of: ({ url }) => url },
  { title: 'LAST ERROR', of: ({ last_error: error }) => error ?? '' },
];
