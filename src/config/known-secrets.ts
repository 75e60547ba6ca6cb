import type { z } from 'zod';

/** The variables that may hold a secret; each process reads some of them. */
interface Secrets {
  readonly ALLOW_KNOWN_SECRETS: boolean;
  readonly JWKS_URL?: string | undefined;
  readonly JWT_SECRET?: string | undefined;
  readonly PAYMENT_WEBHOOK_SECRET?: string | undefined;
  readonly INVENTORY_WEBHOOK_SECRET?: string | undefined;
  readonly SHIPPING_WEBHOOK_SECRET?: string | undefined;
  readonly EVENTS_SECRET?: string | undefined;
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_READ_URL?: string | undefined;
  readonly REDIS_URL?: string | undefined;
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
  readonly RABBITMQ_URL?: string | undefined;
  readonly SMTP_URL?: string | undefined;
  readonly MIGRATION_DATABASE_URL?: string | undefined;
  readonly ANALYTICS_DATABASE_URL?: string | undefined;
  readonly SANDBOX_DATABASE_URL?: string | undefined;
  readonly INVENTORY_TOKEN?: string | undefined;
  readonly INVENTORY_OAUTH_CLIENT_SECRET?: string | undefined;
  readonly PAYMENT_TOKEN?: string | undefined;
  readonly PAYMENT_OAUTH_CLIENT_SECRET?: string | undefined;
  readonly CUSTOMER_TOKEN?: string | undefined;
  readonly CUSTOMER_OAUTH_CLIENT_SECRET?: string | undefined;
  readonly NOTIFICATION_TOKEN?: string | undefined;
  readonly NOTIFICATION_OAUTH_CLIENT_SECRET?: string | undefined;
  readonly REVIEW_TOKEN?: string | undefined;
  readonly REVIEW_OAUTH_CLIENT_SECRET?: string | undefined;
}

/** Published secrets, from Compose and from common examples: with one of them, anyone can sign tokens and webhooks or read the database. */
const known = {
  JWT_SECRET: [
    'a-secret-for-development-that-everybody-knows',
    'a-string-secret-at-least-256-bits-long',
    'your-256-bit-secret-your-256-bit-secret',
  ],
  // The first is base64 of a sentence that says so, the second the example of Standard Webhooks.
  signing: [
    'whsec_YSBzZWNyZXQgZm9yIGRldmVsb3BtZW50IHRoYXQgZXZlcnlib2R5IGtub3dz',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ],
  password: [
    'known-to-everybody',
    'postgres',
    'postgresql',
    'password',
    'secret',
    'changeme',
    'change-me',
    'admin',
    'root',
    'orders',
    'test',
    'example',
  ],
} as const;

const recipes = {
  JWT_SECRET: 'openssl rand -base64 32',
  signing: 'echo "whsec_$(openssl rand -base64 32)"',
  password: 'openssl rand -hex 24',
} as const;

/** Reports every secret that everybody knows, unless `ALLOW_KNOWN_SECRETS` says that nobody else can reach the system. */
export function refuseKnownSecrets(e: Secrets, context: z.core.$RefinementCtx): void {
  if (e.ALLOW_KNOWN_SECRETS) return;
  for (const [variable, kind, secret] of listSecrets(e)) {
    if (secret === undefined || !isKnown(kind, secret)) continue;
    const what = kind === 'password' ? 'has a password that everybody knows' : 'is known to everybody';
    const message =
      `${what}. Make one of your own with: ${recipes[kind]} - or set ALLOW_KNOWN_SECRETS=true where nobody else ` +
      'can reach this system';
    context.addIssue({ code: 'custom', path: [variable], message });
  }
}

function listSecrets(e: Secrets): [variable: keyof Secrets, kind: keyof typeof known, secret: string | undefined][] {
  return [
    // With keys that are published elsewhere it is not used.
    ['JWT_SECRET', 'JWT_SECRET', e.JWKS_URL === undefined ? e.JWT_SECRET : undefined],
    ['PAYMENT_WEBHOOK_SECRET', 'signing', e.PAYMENT_WEBHOOK_SECRET],
    ['INVENTORY_WEBHOOK_SECRET', 'signing', e.INVENTORY_WEBHOOK_SECRET],
    ['SHIPPING_WEBHOOK_SECRET', 'signing', e.SHIPPING_WEBHOOK_SECRET],
    ['EVENTS_SECRET', 'signing', e.EVENTS_SECRET],
    ['DATABASE_URL', 'password', passwordOf(e.DATABASE_URL)],
    ['DATABASE_READ_URL', 'password', passwordOf(e.DATABASE_READ_URL)],
    ['REDIS_URL', 'password', passwordOf(e.REDIS_URL)],
    ['KAFKA_SASL_PASSWORD', 'password', e.KAFKA_BROKERS === undefined ? undefined : e.KAFKA_SASL_PASSWORD],
    ['RABBITMQ_URL', 'password', passwordOf(e.RABBITMQ_URL)],
    ['SMTP_URL', 'password', passwordOf(e.SMTP_URL)],
    ['MIGRATION_DATABASE_URL', 'password', passwordOf(e.MIGRATION_DATABASE_URL)],
    ['ANALYTICS_DATABASE_URL', 'password', passwordOf(e.ANALYTICS_DATABASE_URL)],
    ['SANDBOX_DATABASE_URL', 'password', passwordOf(e.SANDBOX_DATABASE_URL)],
    ['INVENTORY_TOKEN', 'password', e.INVENTORY_TOKEN],
    ['INVENTORY_OAUTH_CLIENT_SECRET', 'password', e.INVENTORY_OAUTH_CLIENT_SECRET],
    ['PAYMENT_TOKEN', 'password', e.PAYMENT_TOKEN],
    ['PAYMENT_OAUTH_CLIENT_SECRET', 'password', e.PAYMENT_OAUTH_CLIENT_SECRET],
    ['CUSTOMER_TOKEN', 'password', e.CUSTOMER_TOKEN],
    ['CUSTOMER_OAUTH_CLIENT_SECRET', 'password', e.CUSTOMER_OAUTH_CLIENT_SECRET],
    ['NOTIFICATION_TOKEN', 'password', e.NOTIFICATION_TOKEN],
    ['NOTIFICATION_OAUTH_CLIENT_SECRET', 'password', e.NOTIFICATION_OAUTH_CLIENT_SECRET],
    ['REVIEW_TOKEN', 'password', e.REVIEW_TOKEN],
    ['REVIEW_OAUTH_CLIENT_SECRET', 'password', e.REVIEW_OAUTH_CLIENT_SECRET],
  ];
}

function isKnown(kind: keyof typeof known, secret: string): boolean {
  const listed: readonly string[] = known[kind];
  return listed.includes(kind === 'password' ? secret.toLowerCase() : secret) || isOneCharacter(secret);
}

/** `xxxxxxxx…` is what people write who only want the length. */
function isOneCharacter(secret: string): boolean {
  return secret !== '' && new Set(secret).size === 1;
}

function passwordOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? decodeURIComponent(new URL(address).password) : undefined;
}
