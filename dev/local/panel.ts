import { paint } from './console.ts';
import { findWebUiLinks } from '../../src/cli/local-system/web-ui-links.ts';
import { buildFirstOrderCommand } from './demo-catalogue.ts';
import type { ConsoleLink } from './console-links.ts';
import type { StartConfig } from './start-config.ts';

/** The text that is shown once everything is running: the addresses and a first command to try. */
export async function formatPanel(
  config: StartConfig,
  seconds: string,
  consoleLinks: readonly ConsoleLink[] = [],
): Promise<string> {
  const api = `http://localhost:${config.product.api.port}`;
  const lines: [string, string][] = [
    ['API', `${api}/api/v1`],
    ['API reference', `${api}/docs`],
    ...(config.product.grpc ? ([['gRPC', `localhost:${config.product.grpc.port}`]] as [string, string][]) : []),
    ...(config.hasOwnTemporal
      ? ([['Temporal Web UI', `http://localhost:${config.temporalUiPort}`]] as [string, string][])
      : []),
    ...(config.hasSandbox
      ? ([
          ['Sandbox services', `http://localhost:${config.sandboxPort}`],
          ['Mailbox', `http://localhost:${config.sandboxPort}/mailbox`],
        ] as [string, string][])
      : []),
    ...(config.product.metrics.port > 0
      ? ([['Metrics', `http://localhost:${config.product.metrics.port}/metrics`]] as [string, string][])
      : []),
    ['Data', `${config.dataDir}   (npm start -- --fresh deletes them)`],
  ];
  const rows = lines.map(([name, value]) => `  ${name.padEnd(18)}${paint(value, 'cyan')}`);
  const title = paint(`order-saga is up after ${seconds} s. Ctrl-C stops everything.`, 'bold');
  const command = config.hasSandbox
    ? ['', '  Place an order, from another terminal in this folder:', '', `  ${buildFirstOrderCommand(api)}`]
    : [];
  const lists = await formatLists(config);
  return ['', `  ${title}`, '', ...rows, ...formatConsole(consoleLinks), ...lists, ...command, ''].join('\n');
}

/** Links that sign their reader in; see `npm run -s console-links`. */
function formatConsole(links: readonly ConsoleLink[]): string[] {
  if (links.length === 0) return [];
  return [
    '',
    '  The console, signed in for the next hour as (new links: npm run -s console-links):',
    '',
    ...links.map(({ role, url }) => `  ${role.padEnd(18)}${paint(url, 'cyan')}`),
  ];
}

/** Lists of the Web UI that are ready to be opened; `orders ui` has more. */
async function formatLists({ hasOwnTemporal, temporalUiPort, namespace }: StartConfig): Promise<string[]> {
  if (!hasOwnTemporal) return [];
  const links = await findWebUiLinks({ webUiUrl: `http://localhost:${temporalUiPort}`, namespace });
  return [
    '',
    '  Orders in the Web UI (more: npm run -s orders -- ui):',
    '',
    ...links.map(({ name, url }) => `  ${name.padEnd(18)}${paint(url, 'cyan')}`),
  ];
}
