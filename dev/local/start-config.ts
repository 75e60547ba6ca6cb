import { resolve } from 'node:path';
import { z } from 'zod';
import { type Config, readConfig } from '../../src/config.ts';
import { readVariables } from '../../src/config/read-variables.ts';
import { port } from '../../src/config/setting-types.ts';
import { sandboxAddress } from '../sandbox/sandbox-config.ts';

const variables = z.object({
  DATA_DIR: z.string().default('.data'),
  POSTGRES_PORT: port.default(5433),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
});

/** The name of every variable that {@link readStartConfig} reads beside the product's own and the sandbox's. */
export const startSettingNames: readonly string[] = Object.keys(variables.shape);

const LOOPBACK = '127.0.0.1';

/** The variables that name the services beside the product. */
const serviceNames = ['INVENTORY_URL', 'PAYMENT_URL', 'CUSTOMER_URL', 'NOTIFICATION_URL'] as const;

/** Defaults for the sample retail files; the payment method is one of the sandbox. */
const demoImportDefaults = {
  IMPORT_CURRENCY: 'GBP',
  IMPORT_COUNTRY: 'GB',
  IMPORT_CUSTOMER: 'guest',
  IMPORT_PAYMENT_METHOD: 'tok_ok',
};

/** What `npm start` needs to know. */
export interface StartConfig {
  /** The environment, with the addresses of the servers that `npm start` runs itself. */
  env: NodeJS.ProcessEnv;
  /** The product's settings in that environment. */
  product: Config;
  dataDir: string;
  postgresPort: number;
  temporalPort: number;
  temporalUiPort: number;
  sandboxPort: number;
  hasOwnTemporal: boolean;
  hasOwnPostgres: boolean;
  /** Whether any of the services beside the product is the sandbox. */
  hasSandbox: boolean;
  namespace: string;
}

/** Reads the settings of `npm start`; throws ConfigError that names each offending variable. */
export function readStartConfig(own: NodeJS.ProcessEnv = process.env): StartConfig {
  const e = readVariables(variables.extend(sandboxAddress.shape), own);
  const missing = serviceNames.filter((name) => !own[name]);
  const sandboxUrl = `http://127.0.0.1:${e.SANDBOX_PORT}`;
  const env = addDefaults(own, {
    // Its own PostgreSQL, whose passwords are in the data directory.
    DATABASE_URL: `postgres://127.0.0.1:${e.POSTGRES_PORT}/orders`,
    // Without this the product listens wherever it can be reached, as a container has to.
    API_HOST: LOOPBACK,
    METRICS_HOST: LOOPBACK,
    // The person at this terminal may sign in to the console in any role.
    CONSOLE_TOKEN_SIGN_IN: 'true',
    ...(!own['TEMPORAL_ADDRESS'] &&
      !own['TEMPORAL_PROFILE'] && { WEB_UI_URL: `http://localhost:${e.TEMPORAL_UI_PORT}` }),
    ...Object.fromEntries(serviceNames.map((name) => [name, sandboxUrl])),
    // Real services have other customers and payment methods.
    ...(missing.length === serviceNames.length && demoImportDefaults),
  });
  return {
    env,
    product: readConfig(env),
    dataDir: resolve(e.DATA_DIR),
    postgresPort: e.POSTGRES_PORT,
    temporalPort: e.TEMPORAL_PORT,
    temporalUiPort: e.TEMPORAL_UI_PORT,
    sandboxPort: e.SANDBOX_PORT,
    hasOwnTemporal: e.TEMPORAL_ADDRESS === undefined && e.TEMPORAL_PROFILE === undefined,
    hasOwnPostgres: !own['DATABASE_URL'],
    hasSandbox: missing.length > 0,
    namespace: e.TEMPORAL_NAMESPACE,
  };
}

/** Returns `env` with defaults for the variables that are unset or empty. */
export function addDefaults(
  env: NodeJS.ProcessEnv,
  defaults: Readonly<Record<string, string | undefined>>,
): NodeJS.ProcessEnv {
  const unset = Object.entries(defaults).filter(([name]) => !env[name]);
  return { ...env, ...Object.fromEntries(unset) };
}

/** The ports that `npm start` will listen on, by the variable that sets each. */
export function listPorts(config: StartConfig): Record<string, number> {
  return {
    API_PORT: config.product.api.port,
    ...(config.product.grpc && { GRPC_PORT: config.product.grpc.port }),
    ...(config.hasSandbox && { SANDBOX_PORT: config.sandboxPort }),
    ...(config.hasOwnTemporal && { TEMPORAL_PORT: config.temporalPort, TEMPORAL_UI_PORT: config.temporalUiPort }),
    ...(config.hasOwnPostgres && { POSTGRES_PORT: config.postgresPort }),
  };
}
