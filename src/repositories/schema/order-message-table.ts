import type { Generated } from 'kysely';
import type { MessageSubject, MessageState } from '../../domain/order-message.ts';
import type { NotificationContents, NotificationType } from '../../domain/order-notification.ts';
import type { Json, JsonOrNull } from './json-columns.ts';

/** Messages to customers about their orders, each once by its key. */
export interface OrderMessagesTable {
  key: string;
  order_id: string;
  type: NotificationType;
  about: Json<MessageSubject>;
  state: Generated<MessageState>;
  attempts: Generated<number>;
  next_attempt_at: Generated<Date>;
  last_error: string | null;
  content: JsonOrNull<NotificationContents[NotificationType]>;
  recipient: string | null;
  requested_by: string | null;
  created_at: Generated<Date>;
  tried_since: Generated<Date>;
  sent_at: Date | null;
}
