import type { Guard } from './guard.ts';

const messages = 'test/events/messages/messages.test.ts';

/** What keeps a message to a customer from being sent twice, or when it is not true. */
export const messageGuards: readonly Guard[] = [
  {
    name: 'a mail that is on record as sent is not sent again',
    file: 'src/repositories/sent-messages.ts',
    find: "        .where('sent_messages.sent_at', 'is', null)\n",
    replace: '',
    test: [
      'test/repositories/sent-messages.test.ts',
      'a mail that was sent is never taken again, though the time of its sender is over',
    ],
  },
  {
    name: 'a mail that somebody is sending is taken by nobody else',
    file: 'src/repositories/sent-messages.ts',
    find: "        .where('sent_messages.taken_until', '<', sql<Date>`now()`),\n",
    replace: '',
    test: [
      'test/repositories/sent-messages.test.ts',
      'of many that take a mail at once one has it, and nobody takes it again once it was sent',
    ],
  },
  {
    name: 'a message that somebody has claimed is due for nobody else',
    file: 'src/repositories/order-messages.ts',
    find: '      next_attempt_at = now() + ${leaseMs}::double precision',
    replace: '      next_attempt_at = now() + 0 * ${leaseMs}::double precision',
    test: [messages, 'two senders at once send each of a hundred messages once'],
  },
  {
    name: 'only who has claimed a message last says what became of it',
    file: 'src/repositories/order-messages.ts',
    find: "      where m.key = r.key and m.state = 'PENDING' and m.attempts = r.attempts\n      returning",
    replace: "      where m.key = r.key and m.state = 'PENDING'\n      returning",
    test: [messages, 'what a sender says of a message that another one has taken over meanwhile is not believed'],
  },
  {
    name: 'a message that is not true any more is not sent',
    file: 'src/events/messages/attempt-message.ts',
    find: "if ('untrue' in notification) return",
    replace: "if ('untrue' in notification && order.version < 0) return",
    test: [
      messages,
      'a declined payment is told with until when another method may be offered, unless it is paid before the message goes',
    ],
  },
];
