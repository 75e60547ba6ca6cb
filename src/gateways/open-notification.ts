import type { MessageRoute } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { MailRecord } from '../mail/deliver-message.ts';
import type { ClosableNotificationGateway } from './notification.ts';

/** The gateway of a way of messages other than a notification service. What the other way needs is not loaded. */
export async function openNotificationGateway(
  route: MessageRoute,
  record: MailRecord,
  logger: Logger,
): Promise<ClosableNotificationGateway> {
  if (route.by === 'rabbitmq') {
    const { rabbitNotificationGateway } = await import('./rabbitmq-notification.ts');
    return rabbitNotificationGateway(route.settings, logger);
  }
  const { smtpNotificationGateway } = await import('./smtp-notification.ts');
  return smtpNotificationGateway(route.settings, record, logger);
}
