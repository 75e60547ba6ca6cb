import type { WorkQueue } from '../../domain/work-queue.ts';

/** A queue's name, what stands in it and what to do, and whether somebody has to do it. */
export interface QueueWords {
  readonly name: string;
  readonly about: string;
  readonly tone: 'bad' | 'warn';
}

/** The words for each queue of work. */
export const queueWords: Readonly<Record<WorkQueue, QueueWords>> = {
  NEEDS_ATTENTION: { name: 'Needs attention', about: 'A step has failed for good: an operator decides.', tone: 'bad' },
  STUCK: { name: 'Stuck', about: 'Waits longer than it should, or never goes on by itself.', tone: 'bad' },
  RETRYING: { name: 'Retrying', about: 'A service does not answer; these go on by themselves.', tone: 'warn' },
  NOT_STARTED: { name: 'Not started', about: 'Accepted; their workflow has not begun yet.', tone: 'warn' },
  PAYMENT_FAILED: {
    name: 'Payment failed',
    about: 'The customer may offer another payment method until the time that is named, or the order is cancelled.',
    tone: 'warn',
  },
  BACKORDERED: { name: 'Out of stock', about: 'Goods ran out after they were paid for: amend or cancel.', tone: 'bad' },
  REVIEW: { name: 'To be reviewed', about: 'Somebody approves or rejects these orders.', tone: 'bad' },
  REFUND_DUE: {
    name: 'Refund by hand',
    about: 'Paid outside the payment service: give the money back there.',
    tone: 'bad',
  },
  DISPUTED: { name: 'Disputed', about: 'The customer’s bank asks for evidence.', tone: 'bad' },
  MESSAGE_FAILED: { name: 'Messages not sent', about: 'Customers who could not be told.', tone: 'warn' },
  DEAD_LETTER: { name: 'Dead letters', about: 'Events that a receiver did not take.', tone: 'warn' },
  UNAPPLIED_EVENT: {
    name: 'Events not applied',
    about: 'Events of other services that could not be applied to their orders.',
    tone: 'warn',
  },
  IMPORT_FAILED: {
    name: 'Imports with errors',
    about: 'Imports with orders that failed: correct their rows and send them again, then acknowledge the import.',
    tone: 'warn',
  },
};
