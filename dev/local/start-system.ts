import { makeConsoleLinks } from './console-links.ts';
import { ensureDemoCatalogue } from './demo-catalogue.ts';
import { buildDatabaseUrls, type Passwords } from './local-databases.ts';
import { type DataDirectory, holdDataDirectory } from './data-directory.ts';
import { requireFreePorts } from './free-port.ts';
import { runProcess } from './node-process.ts';
import { formatPanel } from './panel.ts';
import type { RunningSystem } from '../../src/cli/local-system/running-system.ts';
import type { LogLine, ServerProcess } from './server-process.ts';
import {
  addSearchAttributes,
  describeProcess,
  createPostgresStarter,
  buildEnvironments,
  startApp,
  startNotifier,
  startSandbox,
  createTemporalStarter,
} from './services.ts';
import { listPorts, type StartConfig } from './start-config.ts';
import type { Stoppable } from './stoppable.ts';
import { supervise } from './supervisor.ts';
import { addWorkflowBundle } from './workflow-bundle.ts';

/** Starts every server that is not configured to be elsewhere, and keeps all of them running; adds each to `started`, to be stopped later. */
export async function startSystem(
  config: StartConfig,
  options: { fresh: boolean },
  started: Stoppable[],
  log: LogLine,
): Promise<void> {
  const startedAt = Date.now();
  const dataDirectory = await holdDataDirectory(config.dataDir, options);
  started.push({ stop: dataDirectory.release });
  await requireFreePorts(listPorts(config));

  const { auth, inbox } = config.product;
  const passwords = config.hasOwnPostgres ? dataDirectory.passwords() : undefined;
  const environments = buildEnvironments(config, {
    jwt: auth.secret ?? (auth.jwksUrl === undefined ? dataDirectory.jwtSecret() : undefined),
    paymentWebhook: inbox.secrets.payments ?? dataDirectory.paymentWebhookSecret(),
    passwords,
  });
  const env = environments.product;
  const system = describeSystem(config, env, passwords);
  let isUp = false;
  const write = () => {
    if (isUp) dataDirectory.writeRunning(system);
  };
  const keep = createKeeper(dataDirectory, system.pids, write, started, log);

  const bundling = config.product.role === 'api' ? env : addWorkflowBundle(env, config.dataDir, log);
  const [appEnv] = await Promise.all([
    bundling,
    passwords && keep('postgres', createPostgresStarter(config, passwords)),
    config.hasOwnTemporal && createTemporalStarter(config, log).then((start) => keep('temporal', start)),
  ]);
  await Promise.all([
    runProcess(describeProcess('migrate', environments.migrate)),
    addSearchAttributes(config, env),
    config.hasSandbox && keep('sandbox', () => startSandbox(config, environments.sandbox)),
  ]);
  await keep('app', () => startApp(config, appEnv));
  if (hasNotifier(config)) await keep('notifier', () => startNotifier(appEnv));
  if (config.hasSandbox) await ensureDemoCatalogue(system.sandboxUrl);

  isUp = true;
  write();
  const links = await linksTo(system, config);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${await formatPanel(config, seconds, links)}\n`);
}

/** Links to the console, where tokens are signed here and sign people in. */
async function linksTo({ jwtSecret, jwtIssuer, jwtAudience }: RunningSystem, { product }: StartConfig) {
  if (jwtSecret === undefined || product.console?.takesTokens !== true || product.role === 'worker') return [];
  return await makeConsoleLinks(`http://localhost:${product.api.port}`, { jwtSecret, jwtIssuer, jwtAudience });
}

/** Whether messages go through a broker to mails: then somebody has to take them from its queue. */
function hasNotifier({ env, product }: StartConfig): boolean {
  return product.messageRoute?.by === 'rabbitmq' && Boolean(env['SMTP_URL']);
}

type Service = keyof RunningSystem['pids'];

/** Returns a function that starts a service, restarts it when it dies, and keeps its recorded process id up to date. */
function createKeeper(
  dataDirectory: DataDirectory,
  pids: RunningSystem['pids'],
  write: () => void,
  started: Stoppable[],
  log: LogLine,
) {
  return async (name: Service, start: () => Promise<ServerProcess>): Promise<void> => {
    const onStart = (pid: number) => {
      pids[name] = pid;
      dataDirectory.record(name, pid);
      write();
    };
    started.push(await supervise({ name, start, log, onStart }));
  };
}

function describeSystem(config: StartConfig, env: NodeJS.ProcessEnv, passwords: Passwords | undefined): RunningSystem {
  return {
    apiUrl: `http://127.0.0.1:${config.product.api.port}`,
    metricsUrl: `http://127.0.0.1:${config.product.metrics.port}/metrics`,
    sandboxUrl: `http://127.0.0.1:${config.sandboxPort}`,
    services: {
      INVENTORY_URL: config.product.gateways.inventory.url,
      PAYMENT_URL: config.product.gateways.payment.url,
      CUSTOMER_URL: config.product.gateways.customer.url,
      NOTIFICATION_URL: config.env['NOTIFICATION_URL'] ?? '',
    },
    webUiUrl: config.hasOwnTemporal ? `http://127.0.0.1:${config.temporalUiPort}` : undefined,
    temporalAddress: env['TEMPORAL_ADDRESS'] ?? '',
    temporalNamespace: config.namespace,
    databaseUrl: env['DATABASE_URL'],
    databaseAdminUrl: passwords && buildDatabaseUrls(config.postgresPort, passwords).admin,
    jwtSecret: env['JWT_SECRET'],
    jwtIssuer: config.product.auth.issuer,
    jwtAudience: config.product.auth.audience,
    pids: {},
  };
}
