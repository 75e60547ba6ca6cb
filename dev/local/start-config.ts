import { resolve } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, readConfig } from '../../src/config.ts';

const port = z.coerce.number().int().min(1).max(65_535);

const environment = z.object({
  DATA_DIR: z.string().default('.data'),
  POSTGRES_PORT: port.default(5433),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
});

/** The name of every variable that {@link readStartConfig} reads beside the product's own. */
export const startSettingNames: readonly string[] = Object.keys(environment.shape);

/** What `npm start` needs to know beside the product's own settings. */
export interface StartConfig {
  product: Config;
  dataDir: string;
  postgresPort: number;
  temporalPort: number;
  temporalUiPort: number;
  /** The address of a Temporal that runs elsewhere; without one `npm start` runs its own. */
  temporalAddress: string | undefined;
  hasOwnTemporal: boolean;
  hasOwnPostgres: boolean;
  /** Whether any of the services beside the product is the sandbox. */
  hasSandbox: boolean;
  namespace: string;
}

/** Reads the settings of `npm start`; throws ConfigError that names each offending variable. */
export function readStartConfig(env: NodeJS.ProcessEnv = process.env): StartConfig {
  const product = readConfig(env);
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Invalid settings, see .env.example:\n  ${faults.join('\n  ')}`);
  }
  const e = parsed.data;
  const services = ['INVENTORY_URL', 'PAYMENT_URL', 'CUSTOMER_URL', 'NOTIFICATION_URL'];
  return {
    product,
    dataDir: resolve(e.DATA_DIR),
    postgresPort: e.POSTGRES_PORT,
    temporalPort: e.TEMPORAL_PORT,
    temporalUiPort: e.TEMPORAL_UI_PORT,
    temporalAddress: e.TEMPORAL_ADDRESS,
    hasOwnTemporal: e.TEMPORAL_ADDRESS === undefined && e.TEMPORAL_PROFILE === undefined,
    hasOwnPostgres: product.database.url === undefined,
    hasSandbox: services.some((name) => given[name] === undefined),
    namespace: e.TEMPORAL_NAMESPACE,
  };
}

/** The ports that `npm start` will listen on, by the variable that sets each. */
export function portsToUse(config: StartConfig): Record<string, number> {
  return {
    API_PORT: config.product.api.port,
    ...(config.hasSandbox && { SANDBOX_PORT: config.product.sandbox.port }),
    ...(config.hasOwnTemporal && { TEMPORAL_PORT: config.temporalPort, TEMPORAL_UI_PORT: config.temporalUiPort }),
    ...(config.hasOwnPostgres && { POSTGRES_PORT: config.postgresPort }),
  };
}
