import { customerLink, findWebUiLinks, orderLink, statusLinks, type WebUi } from '../local-system/web-ui-links.ts';
import { readRunningSystem } from '../local-system/running-system.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { stripControls } from './output.ts';
import { formatFields } from './table.ts';

/** Whose lists `orders ui` prints, as command line options. */
export interface WebUiOptions {
  readonly customer?: string;
  readonly order?: string;
  readonly webUi?: string;
  readonly namespace?: string;
}

/** `orders ui`: addresses of ready lists in Temporal's Web UI. */
export async function runWebUiCommand(cli: Cli, options: WebUiOptions): Promise<void> {
  const ui = findWebUi(options);
  const { customer, order } = options;
  const asked = [
    ...(customer === undefined ? [] : [customerLink(ui, customer)]),
    ...(order === undefined ? [] : [orderLink(ui, order.toUpperCase())]),
  ];
  const links = asked.length > 0 ? asked : [...(await findWebUiLinks(ui)), ...statusLinks(ui)];
  if (cli.json) cli.printJson({ data: links });
  else cli.print(formatFields(links.map(({ name, url }) => [stripControls(name), stripControls(url)] as const)));
}

function findWebUi({ webUi, namespace }: WebUiOptions): WebUi {
  const system = readRunningSystem();
  const webUiUrl = webUi ?? (process.env['WEB_UI_URL'] || system?.webUiUrl);
  if (webUiUrl === undefined) throw new UsageError('Say where the Web UI is: --web-ui or WEB_UI_URL.');
  const known = process.env['TEMPORAL_NAMESPACE'] || system?.temporalNamespace;
  return { webUiUrl, namespace: namespace ?? known ?? 'default' };
}
