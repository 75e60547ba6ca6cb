import { environment } from './environment.ts';
import { refuseKnownSecrets } from './known-secrets.ts';
import { toMailSettings, toRabbitSettings } from './mail-settings.ts';
import { readVariables } from './read-variables.ts';

/** The settings of the notifier, which takes messages from a queue and sends them as mails. */
export function readNotifierConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = environment
    .pick({
      LOG_LEVEL: true,
      LOG_FORMAT: true,
      DATABASE_URL: true,
      METRICS_HOST: true,
      METRICS_PORT: true,
      PROBE_PORT: true,
      SHOP_TIME_ZONE: true,
      RABBITMQ_URL: true,
      RABBITMQ_QUEUE: true,
      SMTP_URL: true,
      SMTP_FROM: true,
      SMTP_CONNECTIONS: true,
      MESSAGE_TEMPLATES: true,
      MESSAGE_LOCALE: true,
      MAIL_RETRY_DELAYS: true,
      MAIL_RETRY_FOR: true,
      ALLOW_KNOWN_SECRETS: true,
    })
    .required({ DATABASE_URL: true, RABBITMQ_URL: true, SMTP_URL: true, SMTP_FROM: true })
    .superRefine(refuseKnownSecrets);
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    databaseUrl: e.DATABASE_URL,
    metrics: { host: e.METRICS_HOST, port: e.METRICS_PORT },
    probePort: e.PROBE_PORT,
    rabbit: toRabbitSettings(e),
    mail: toMailSettings(e),
    retryForMs: e.MAIL_RETRY_FOR,
  };
}
