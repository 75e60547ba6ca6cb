import { z } from 'zod';
import { isNotificationType, notificationTypes, type NotificationType } from '../domain/order-notification.ts';

/** The types of messages that customers get: `all`, `none`, or their names separated by commas. */
export const messageTypes = z.string().transform((text, context): readonly NotificationType[] => {
  if (text === 'all') return notificationTypes;
  if (text === 'none') return [];
  const names = text.split(',').flatMap((name) => name.trim() || []);
  const known = names.filter(isNotificationType);
  if (names.length > 0 && known.length === names.length) return known;
  const message = `must be all, none, or types separated by commas: ${notificationTypes.join(', ')}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The address of a page about one order, with `{order_id}` or `{order_number}` in it. */
export const orderUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text) && /\{order_(id|number)\}/.test(text),
    'must be an address with {order_id} or {order_number} in it, such as https://shop.example.com/orders/{order_number}',
  );
