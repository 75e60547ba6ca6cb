import type { MailSettings } from '../config.ts';
import type { Logger } from '../logger.ts';
import { deliverMessage, type MailRecord } from '../mail/deliver-message.ts';
import { MailError } from '../mail/mail-error.ts';
import { openMailSender } from '../mail/mail-sender.ts';
import { createMessageRenderer } from '../mail/render-message.ts';
import { GatewayError } from './gateway-error.ts';
import type { ClosableNotificationGateway } from './notification.ts';
import { callReporter } from './report-call.ts';

/** Sends messages as mails over SMTP. Throws {@link ConfigError} when a template is broken. */
export function smtpNotificationGateway(
  settings: MailSettings,
  record: MailRecord,
  logger: Logger,
): ClosableNotificationGateway {
  const render = createMessageRenderer(settings.texts);
  const sender = openMailSender(settings);
  const parts = { render, sender, record, from: settings.from };
  const report = callReporter(logger, 'notification');
  return {
    send: async (notification) => {
      const call = { request: { operation: 'send' }, startedAt: performance.now() };
      try {
        const outcome = await deliverMessage(parts, notification);
        if (outcome === 'busy')
          throw new GatewayError('unreachable', 'notification', 'another process is sending this mail');
        report(call, undefined);
        return notification.recipient;
      } catch (error) {
        const failure = error instanceof MailError ? toGatewayError(error) : error;
        report(call, failure);
        throw failure;
      }
    },
    close: () => {
      sender.close();
      return Promise.resolve();
    },
  };
}

const gatewayKinds = { refused: 'refused', away: 'unreachable', unknown: 'unknown' } as const;

function toGatewayError(error: MailError): GatewayError {
  const code = error.kind === 'refused' ? 'MAIL_REFUSED' : undefined;
  return new GatewayError(gatewayKinds[error.kind], 'notification', `mail not sent: ${error.message}`, {
    code,
    cause: error,
  });
}
