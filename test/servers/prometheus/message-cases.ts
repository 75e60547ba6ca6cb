import { type CasesByAlert, first, grows, stays } from './alert-case.ts';

const queue = (name: string, instance = 'a') => `mail_queue_messages{instance="${instance}", queue="${name}"}`;
const mails = (outcome: string) => `mails_total{outcome="${outcome}"}`;

/** The cases of messages to customers. */
export const messageCases: CasesByAlert = {
  MessagesFailed: {
    fires: [
      {
        when: 'one could not be sent for days',
        series: { messages_failed: first(0, 5, stays(1)) },
        at: '11m',
        says: [{ summary: '1 messages to customers could not be sent', labels: {} }],
      },
    ],
    quiet: [{ when: 'every message went out', series: { messages_failed: stays(0) }, at: '30m' }],
  },
  MailsNotSent: {
    fires: [
      {
        when: 'the mail server has taken nothing for an hour, seen by two notifiers',
        series: {
          [queue('waiting')]: stays(0),
          [queue('retrying')]: stays(7),
          [queue('retrying', 'b')]: stays(7),
          [mails('sent')]: stays(40),
          [mails('failed')]: grows(1),
        },
        at: '62m',
        says: [{ summary: '7 mails wait, and none has been sent for half an hour', labels: {} }],
      },
      {
        when: 'a notifier that has just started can send nothing',
        series: { [queue('waiting')]: stays(3), [queue('retrying')]: stays(2) },
        at: '35m',
        says: [{ summary: '5 mails wait, and none has been sent for half an hour', labels: {} }],
      },
    ],
    quiet: [
      {
        when: 'one address is tried again and again while others get their mails',
        series: { [queue('retrying')]: stays(1), [mails('sent')]: grows(1), [mails('failed')]: grows(1) },
        at: '90m',
      },
      {
        when: 'nobody has ordered anything',
        series: { [queue('waiting')]: stays(0), [queue('retrying')]: stays(0), [mails('sent')]: stays(40) },
        at: '90m',
      },
      {
        when: 'the mail server was away for ten minutes',
        series: { [queue('retrying')]: first(5, 10, stays(0)), [mails('sent')]: stays(40) },
        at: '50m',
      },
    ],
  },
  MailsGivenUp: {
    fires: [
      {
        when: 'one mail is given up, seen by two notifiers',
        series: { [queue('dead')]: first(0, 5, stays(1)), [queue('dead', 'b')]: first(0, 5, stays(1)) },
        at: '11m',
        says: [{ summary: '1 mails are among the dead letters of the broker', labels: {} }],
      },
    ],
    quiet: [
      {
        when: 'mails are tried again',
        series: { [queue('dead')]: stays(0), [queue('retrying')]: stays(9) },
        at: '29m',
      },
    ],
  },
};
