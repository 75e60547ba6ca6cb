import { z } from 'zod';
import { environment } from '../../src/config/environment.ts';
import { readVariables } from '../../src/config/read-variables.ts';
import { port, url } from '../../src/config/setting-types.ts';
import type { WebhookReceiver } from './send-webhooks.ts';

/** Where the sandbox services listen. */
export const sandboxAddress = z.object({
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: port.default(3100),
});

const variables = environment
  .pick({ LOG_LEVEL: true, LOG_FORMAT: true, DATABASE_URL: true, PAYMENT_WEBHOOK_SECRET: true })
  .required({ DATABASE_URL: true })
  .extend({ ...sandboxAddress.shape, PAYMENT_WEBHOOK_URL: url.optional() })
  .refine((e) => e.PAYMENT_WEBHOOK_URL === undefined || e.PAYMENT_WEBHOOK_SECRET !== undefined, {
    path: ['PAYMENT_WEBHOOK_SECRET'],
    message: 'is needed to sign what is sent to PAYMENT_WEBHOOK_URL',
  });

/** The name of every variable that {@link readSandboxConfig} reads beside the product's own. */
export const sandboxSettingNames: readonly string[] = [...Object.keys(sandboxAddress.shape), 'PAYMENT_WEBHOOK_URL'];

/** The settings of the sandbox process; throws ConfigError that names every variable that is missing or invalid. */
export function readSandboxConfig(env: NodeJS.ProcessEnv = process.env) {
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    databaseUrl: e.DATABASE_URL,
    host: e.SANDBOX_HOST,
    port: e.SANDBOX_PORT,
    webhooks: webhookReceiver(e.PAYMENT_WEBHOOK_URL, e.PAYMENT_WEBHOOK_SECRET),
  };
}

function webhookReceiver(receiver: string | undefined, secret: string | undefined): WebhookReceiver | undefined {
  return receiver === undefined || secret === undefined ? undefined : { url: receiver, secret };
}
