import { z } from 'zod';
import { environment } from '../../src/config/environment.ts';
import { refuseKnownSecrets } from '../../src/config/known-secrets.ts';
import { readVariables } from '../../src/config/read-variables.ts';
import { databaseUrl, port, url } from '../../src/config/setting-types.ts';
import type { WebhookReceiver, WebhookReceivers } from './send-webhooks.ts';

/** Where the sandbox services listen. */
export const sandboxAddress = z.object({
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: port.default(3100),
});

const variables = environment
  .pick({
    LOG_LEVEL: true,
    LOG_FORMAT: true,
    ALLOW_KNOWN_SECRETS: true,
    DATABASE_URL: true,
    PAYMENT_WEBHOOK_SECRET: true,
    INVENTORY_WEBHOOK_SECRET: true,
    SHIPPING_WEBHOOK_SECRET: true,
    SHOP_TIME_ZONE: true,
    MESSAGE_TEMPLATES: true,
    MESSAGE_LOCALE: true,
    SMTP_FROM: true,
  })
  .extend({
    ...sandboxAddress.shape,
    SANDBOX_DATABASE_URL: databaseUrl.optional(),
    PAYMENT_WEBHOOK_URL: url.optional(),
    INVENTORY_WEBHOOK_URL: url.optional(),
    SHIPPING_WEBHOOK_URL: url.optional(),
  })
  .refine((e) => e.PAYMENT_WEBHOOK_URL === undefined || e.PAYMENT_WEBHOOK_SECRET !== undefined, {
    path: ['PAYMENT_WEBHOOK_SECRET'],
    message: 'is needed to sign what is sent to PAYMENT_WEBHOOK_URL',
  })
  .superRefine(refuseKnownSecrets)
  .transform((e, context) => {
    const chosen = e.SANDBOX_DATABASE_URL ?? e.DATABASE_URL;
    if (chosen !== undefined) return { ...e, database: chosen };
    context.addIssue({
      code: 'custom',
      path: ['SANDBOX_DATABASE_URL'],
      message: 'is not set, and neither is DATABASE_URL',
    });
    return z.NEVER;
  });

/** The name of every variable that {@link readSandboxConfig} reads beside the product's own. */
export const sandboxSettingNames: readonly string[] = [
  ...Object.keys(sandboxAddress.shape),
  'SANDBOX_DATABASE_URL',
  'PAYMENT_WEBHOOK_URL',
  'INVENTORY_WEBHOOK_URL',
  'SHIPPING_WEBHOOK_URL',
];

/** The settings of the sandbox process; throws ConfigError that names every variable that is missing or invalid. */
export function readSandboxConfig(env: NodeJS.ProcessEnv = process.env) {
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    databaseUrl: e.database,
    host: e.SANDBOX_HOST,
    port: e.SANDBOX_PORT,
    webhooks: webhookReceivers(e),
    texts: {
      shopName: e.SMTP_FROM?.name ?? 'The Shop',
      timeZone: e.SHOP_TIME_ZONE,
      defaultLocale: e.MESSAGE_LOCALE,
      templateFolder: e.MESSAGE_TEMPLATES,
    },
  };
}

function webhookReceivers(e: z.output<typeof variables>): WebhookReceivers | undefined {
  const payments = webhookReceiver(e.PAYMENT_WEBHOOK_URL, e.PAYMENT_WEBHOOK_SECRET);
  const inventory = webhookReceiver(e.INVENTORY_WEBHOOK_URL, e.INVENTORY_WEBHOOK_SECRET);
  const shipping = webhookReceiver(e.SHIPPING_WEBHOOK_URL, e.SHIPPING_WEBHOOK_SECRET);
  return payments && { payments, ...(inventory && { inventory }), ...(shipping && { shipping }) };
}

function webhookReceiver(receiver: string | undefined, secret: string | undefined): WebhookReceiver | undefined {
  return receiver === undefined || secret === undefined ? undefined : { url: receiver, secret };
}
