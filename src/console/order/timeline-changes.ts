import type { Tone } from '../ui/badge.ts';
import { actorWords, stepWords, wordsOf } from '../ui/words.ts';
import type { EntryKind, One, TimelineEntry } from './timeline-entry.ts';

/** The entry of a change in the order's history. */
export function changeEntry({ from, to, change, step, actor, reason, at }: One<'history'>): TimelineEntry {
  const details = reason === null ? [] : [reason];
  const who = { at, actor: actorWords(actor), details };
  if (change === 'STATUS') {
    const title = from === null ? 'Placed' : `${wordsOf(from)} → ${wordsOf(to)}`;
    return { ...who, kind: 'status', tone: toneOf(to), title };
  }
  const about = step === null ? '' : `: ${stepWords(step)}`;
  return { ...who, kind: kindOf(change), tone: changeTone(change), title: changeTitles[change] + about };
}

function toneOf(status: One<'history'>['to']): Tone {
  if (status === 'PAYMENT_FAILED') return 'bad';
  return status === 'CANCELLED' || status === 'RETURNED' || status === 'REFUNDED' ? 'plain' : 'good';
}

type ChangeKind = One<'history'>['change'];

const changeTitles: Readonly<Record<ChangeKind, string>> = {
  STATUS: 'Status',
  DETAILS: 'Details changed',
  ITEMS: 'Items changed',
  SHIPMENT: 'Shipment',
  RETURN: 'Return',
  REFUND: 'Refund without goods',
  SHORTAGE: 'Goods ran out',
  PARKED: 'Waits for a decision',
  RETRIED: 'Decided to retry',
  SKIPPED: 'Decided to skip',
  RESOLVED: 'Decided as done by hand',
  TERMINATED: 'Workflow ended by force',
  RESUMED: 'Workflow resumed by the reconciler',
  NOTIFICATION: 'The customer could not be told',
  DISPUTE: 'Dispute',
  REVIEW: 'Review',
  REVIEWED: 'Review decided',
};

function kindOf(change: ChangeKind): EntryKind {
  if (change === 'SHIPMENT' || change === 'RETURN' || change === 'ITEMS' || change === 'SHORTAGE') return 'goods';
  if (change === 'REFUND' || change === 'DISPUTE') return 'money';
  if (change === 'NOTIFICATION') return 'message';
  return change === 'DETAILS' ? 'status' : 'decision';
}

function changeTone(change: ChangeKind): Tone {
  if (change === 'PARKED' || change === 'TERMINATED' || change === 'DISPUTE') return 'bad';
  return change === 'SHORTAGE' || change === 'NOTIFICATION' || change === 'REVIEW' ? 'warn' : 'info';
}
