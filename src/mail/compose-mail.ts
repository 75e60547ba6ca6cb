import { createHash } from 'node:crypto';
import type { RenderedMessage } from './render-message.ts';

/** A mail to one person. */
export interface Mail {
  /** Of the form `<…@domain>`: the same for every attempt to send one message, so that whoever receives it twice can tell. */
  readonly messageId: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** The shop that sends. */
export type Sender = Mailbox & { readonly domain: string };

/** The mail of a message, with the headers that tell a program that nobody sits at the other end. */
export function composeMail(key: string, rendered: RenderedMessage, from: Sender, to: Mailbox): Mail {
  const { subject, text, html, locale } = rendered;
  return {
    messageId: messageIdOf(key, from.domain),
    from: { name: from.name, address: from.address },
    to,
    subject,
    text,
    html,
    headers: {
      'List-Id': `<orders.${from.domain}>`,
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': locale,
    },
  };
}

/** The Message-ID of the message with this key. */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}
