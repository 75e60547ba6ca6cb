import { isIP } from 'node:net';
import ms from 'ms';
import { z } from 'zod';
import { count, duration, retention } from './setting-types.ts';

const domainName = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

/** The address of a broker, over TLS as `amqps`. */
const rabbitUrl = z
  .string()
  .refine(
    (text) => /^amqps?:\/\//.test(text) && URL.canParse(text),
    'must be an address that begins with amqp:// or amqps://',
  );

/** The address of a mail server, over TLS from the start as `smtps`. */
const smtpUrl = z
  .string()
  .refine(
    (text) => /^smtps?:\/\//.test(text) && URL.canParse(text),
    'must be an address that begins with smtp:// or smtps://',
  );

/** An address as it stands in a mail, such as `Shop <orders@shop.example.com>`, read into its parts. */
const mailbox = z.string().transform((text, context) => {
  const [, quoted, bracketed, bare] = /^(?:\s*"?([^"<>\p{Cc}]*?)"?\s*<([^\s<>]+)>|\s*([^\s<>]+))\s*$/u.exec(text) ?? [];
  const address = bracketed ?? bare ?? '';
  const [, domain] = /^[^\s@"(),:;<>[\\\]]+@([^\s@]+)$/.exec(address) ?? [];
  if (domain === undefined || !domainName.test(domain) || isIP(domain) !== 0) {
    context.addIssue({ code: 'custom', message: 'must be an address such as Shop <orders@shop.example.com>' });
    return z.NEVER;
  }
  return { name: quoted?.trim() || domain, address, domain };
});

/** Durations in the order in which they are used, such as `10s,1m,10m`. */
const durations = z.string().transform((text, context): readonly number[] => {
  const parsed = text.split(',').map((part) => duration.safeParse(part.trim()));
  const values = parsed.flatMap(({ data }) => (data !== undefined && data >= 1 ? [data] : []));
  if (values.length === parsed.length && new Set(values).size === values.length) return values;
  context.addIssue({
    code: 'custom',
    message: 'must be different durations such as 10s,1m,10m, with commas between them',
  });
  return z.NEVER;
});

/** What the variables about messages and mail are, with their defaults. */
export const mailVariables = {
  RABBITMQ_URL: rabbitUrl.optional(),
  RABBITMQ_QUEUE: z
    .string()
    .regex(
      /^(?!amq\.)[A-Za-z0-9._:-]{1,200}$/,
      'must be the name of a queue: letters, digits, and . _ : -, at most 200',
    )
    .default('notifications'),
  SMTP_URL: smtpUrl.optional(),
  SMTP_FROM: mailbox.optional(),
  SMTP_CONNECTIONS: count.max(100).default(4),
  MESSAGE_TEMPLATES: z.string().min(1).optional(),
  MESSAGE_LOCALE: z
    .string()
    .refine((tag) => isLocale(tag), 'must be a locale such as en or de-AT')
    .default('en'),
  MAIL_RETRY_DELAYS: durations.default([ms('10s'), ms('1m'), ms('10m'), ms('1h')]),
  MAIL_RETRY_FOR: duration.default(ms('2d')),
  MAIL_RETENTION: retention(ms('7d')).optional(),
};

function isLocale(tag: string): boolean {
  try {
    return new Intl.Locale(tag).language !== '';
  } catch {
    return false;
  }
}

type MailVariables = Readonly<z.output<z.ZodObject<typeof mailVariables>>> & { readonly SHOP_TIME_ZONE: string };

/** How mails are sent, and what they say. */
export interface MailSettings {
  readonly smtpUrl: string;
  readonly from: z.output<typeof mailbox>;
  readonly connections: number;
  readonly texts: {
    readonly shopName: string;
    readonly timeZone: string;
    readonly defaultLocale: string;
    readonly templateFolder: string | undefined;
  };
}

/** The broker that carries messages, and its queue. */
export interface RabbitSettings {
  readonly url: string;
  readonly queue: string;
  /** How long a mail that failed waits before each further attempt; the last one again and again. */
  readonly retryDelaysMs: readonly number[];
}

/** The way of messages, and its settings. */
export type MessageRoute =
  | { readonly by: 'rabbitmq'; readonly settings: RabbitSettings }
  | { readonly by: 'smtp'; readonly settings: MailSettings };

/** How mails are sent. */
export function toMailSettings(
  e: MailVariables & { readonly SMTP_URL: string; readonly SMTP_FROM: MailSettings['from'] },
): MailSettings {
  return {
    smtpUrl: e.SMTP_URL,
    from: e.SMTP_FROM,
    connections: e.SMTP_CONNECTIONS,
    texts: {
      shopName: e.SMTP_FROM.name,
      timeZone: e.SHOP_TIME_ZONE,
      defaultLocale: e.MESSAGE_LOCALE,
      templateFolder: e.MESSAGE_TEMPLATES,
    },
  };
}

/** The broker that carries messages. */
export function toRabbitSettings(e: MailVariables & { readonly RABBITMQ_URL: string }): RabbitSettings {
  return { url: e.RABBITMQ_URL, queue: e.RABBITMQ_QUEUE, retryDelaysMs: e.MAIL_RETRY_DELAYS };
}

/** The way that messages take without a notification service: through a broker with RABBITMQ_URL, otherwise as mails with SMTP_URL. */
export function toMessageRoute(e: MailVariables): MessageRoute | undefined {
  const { RABBITMQ_URL, SMTP_URL, SMTP_FROM } = e;
  if (RABBITMQ_URL !== undefined) return { by: 'rabbitmq', settings: toRabbitSettings({ ...e, RABBITMQ_URL }) };
  if (SMTP_URL === undefined || SMTP_FROM === undefined) return undefined;
  return { by: 'smtp', settings: toMailSettings({ ...e, SMTP_URL, SMTP_FROM }) };
}

/** Reports a mail server without a sender. */
export function checkMail(e: Pick<MailVariables, 'SMTP_URL' | 'SMTP_FROM'>, context: z.core.$RefinementCtx): void {
  if (e.SMTP_URL === undefined || e.SMTP_FROM !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['SMTP_FROM'],
    message: 'is needed with SMTP_URL: the sender, such as Shop <orders@shop.example.com>',
  });
}

/** Reports that it is forgotten which mails were sent while one of them may still come a second time. */
export function checkMailRetention(
  e: Pick<MailVariables, 'MAIL_RETENTION' | 'MAIL_RETRY_FOR'> & { readonly MESSAGES_GIVE_UP_AFTER: number },
  context: z.core.$RefinementCtx,
): void {
  if (e.MAIL_RETENTION === undefined || e.MAIL_RETENTION >= e.MAIL_RETRY_FOR + e.MESSAGES_GIVE_UP_AFTER) return;
  context.addIssue({
    code: 'custom',
    path: ['MAIL_RETENTION'],
    message: 'must be at least MAIL_RETRY_FOR and MESSAGES_GIVE_UP_AFTER together: until then a message may come again',
  });
}

/** Whether messages have somewhere to go. */
export function doMessagesGoSomewhere(
  e: Pick<MailVariables, 'SMTP_URL' | 'RABBITMQ_URL'> & { readonly NOTIFICATION_URL?: string | undefined },
): boolean {
  return e.NOTIFICATION_URL !== undefined || e.SMTP_URL !== undefined || e.RABBITMQ_URL !== undefined;
}

export const messagesGoNowhere = {
  path: ['NOTIFICATION_URL'],
  message: 'is not set, and neither is RABBITMQ_URL or SMTP_URL: messages to customers go through one of them',
  // Named together with all else that is missing.
  when: () => true,
};
