import type { Generated } from 'kysely';

/** Mails that were sent, or are being sent by whoever has taken them. */
export interface SentMessagesTable {
  /** Of the message. */
  key: string;
  /** The mail's Message-ID. */
  message_id: string;
  taken_until: Date;
  sent_at: Generated<Date | null>;
}
