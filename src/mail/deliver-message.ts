import type { OrderNotification } from '../domain/order-notification.ts';
import { countMetric } from '../metrics/record-metrics.ts';
import { composeMail, messageIdOf, type Sender } from './compose-mail.ts';
import { MailError } from './mail-error.ts';
import { SEND_LIMIT_MS, type MailSender } from './mail-sender.ts';
import type { MessageRenderer, RenderedMessage } from './render-message.ts';

/** Which mails were sent, for all processes that send. */
export interface MailRecord {
  /** Takes a mail for `leaseMs`: `taken`, or it was `sent` before, or somebody else is `busy` with it. */
  readonly take: (key: string, messageId: string, leaseMs: number) => Promise<'taken' | 'sent' | 'busy'>;
  readonly recordSent: (key: string) => Promise<void>;
  /** Lets others take it at once. */
  readonly release: (key: string) => Promise<void>;
}

/** What delivering takes. */
export interface DeliveryParts {
  readonly render: MessageRenderer;
  readonly sender: MailSender;
  readonly record: MailRecord;
  readonly from: Sender;
}

/** What has become of a message: `skipped` has no address to go to; `busy`: somebody else is sending it, and may fail. */
export type DeliveryOutcome = 'sent' | 'duplicate' | 'skipped' | 'busy';

/**
 * How long a mail is left to whoever has taken it: longer than sending takes, so that nobody sends it beside them. A process that is killed in between
 * leaves the mail to others after it.
 */
const LEASE_MS = SEND_LIMIT_MS + 15_000;

/** What an address may look like: one address, and nothing that a mail server reads as more. */
const mailAddress = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]{1,253}$/u;

/**
 * Sends a message as a mail, once for each key: at least once when this process is killed between the server's answer and the record of it, or when the
 * answer is lost, and then with the same Message-ID. Every failure to send is a {@link MailError}; of `unknown` ones the mail stays taken for the
 * rest of its lease, so that a server that is slow has made up its mind before the next attempt.
 */
export async function deliverMessage(parts: DeliveryParts, notification: OrderNotification): Promise<DeliveryOutcome> {
  try {
    const outcome = await sendOnce(parts, notification);
    if (outcome !== 'busy') countMetric('mails_total', { outcome });
    return outcome;
  } catch (error) {
    const isRefused = error instanceof MailError && error.kind === 'refused';
    countMetric('mails_total', { outcome: isRefused ? 'refused' : 'failed' });
    throw error;
  }
}

async function sendOnce(parts: DeliveryParts, notification: OrderNotification): Promise<DeliveryOutcome> {
  const { render, sender, record, from } = parts;
  const { idempotencyKey: key, recipient } = notification;
  if (recipient.email === undefined) return 'skipped';
  if (!mailAddress.test(recipient.email))
    throw new MailError('refused', 'the address is not one that mail can be sent to');
  const to = { name: oneLine(recipient.name ?? ''), address: recipient.email };
  const mail = composeMail(key, renderOrRefuse(render, notification), from, to);
  const taken = await record.take(key, messageIdOf(key, from.domain), LEASE_MS);
  if (taken !== 'taken') return taken === 'sent' ? 'duplicate' : 'busy';
  try {
    await sender.send(mail);
  } catch (error) {
    if (error instanceof MailError && error.kind !== 'unknown') await record.release(key);
    throw error;
  }
  await record.recordSent(key);
  return 'sent';
}

/** A message that can't be rendered today can't be tomorrow. */
function renderOrRefuse(render: MessageRenderer, notification: OrderNotification): RenderedMessage {
  try {
    return render(notification);
  } catch (cause) {
    throw new MailError('refused', `can't be rendered: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
