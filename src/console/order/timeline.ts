import { formatSpan } from '../ui/moment.ts';
import type { Tone } from '../ui/badge.ts';
import { actorWords, counted, sagaWords, stepWords, wordsOf } from '../ui/words.ts';
import type { OrderDetails } from './order-details.ts';
import { changeEntry } from './timeline-changes.ts';
import type { One, TimelineEntry } from './timeline-entry.ts';

/** `money` writes an amount for the viewer. */
type Money = (amount: string) => string;

/** Everything that is known to have happened to an order, in one line of time, the latest first; what happened at the same moment stays in its order. */
export function mergeTimeline(details: OrderDetails, money: Money): TimelineEntry[] {
  const entries = [
    ...details.history.map(changeEntry),
    ...details.steps.map(stepEntry),
    ...details.payments.map((payment) => paymentEntry(payment, money)),
    ...details.shipments.map(shipmentEntry),
    ...details.returns.map((one) => returnEntry(one, money)),
    ...details.refunds.map((refund) => refundEntry(refund, money)),
    ...details.messages.map(messageEntry),
    ...details.notes.map(noteEntry),
  ];
  // Sorting is stable: of one moment, the cause was listed before what it led to.
  return entries.toSorted((a, b) => compare(a.at, b.at)).toReversed();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const stepTones: Readonly<Record<One<'steps'>['state'], Tone>> = {
  RUNNING: 'info',
  DONE: 'good',
  REFUSED: 'warn',
  FAILED: 'bad',
  SKIPPED: 'plain',
  RESOLVED: 'info',
  INTERRUPTED: 'plain',
};

const stepResults: Readonly<Record<One<'steps'>['state'], string>> = {
  RUNNING: 'running',
  DONE: 'done',
  REFUSED: 'refused',
  FAILED: 'parked, waits for a decision',
  SKIPPED: 'skipped',
  RESOLVED: 'done by hand',
  INTERRUPTED: 'interrupted',
};

/** Attempts and the real time are shown where they say something: a step that was done at once needs neither. */
function stepEntry(entry: One<'steps'>): TimelineEntry {
  const { saga, step, kind, state, attempts, last_error: error, started_at: from, updated_at: to } = entry;
  const isRetrying = state === 'RUNNING' && attempts > 1;
  const tookMs = Date.parse(to) - Date.parse(from);
  return {
    at: from,
    kind: 'step',
    tone: isRetrying ? 'warn' : stepTones[state],
    title: `${stepWords(step)}: ${isRetrying ? 'is being retried' : stepResults[state]}`,
    details: [
      ...(kind === 'undo' ? ['Compensation.'] : []),
      ...(saga === 'create' ? [] : [`Of ${sagaWords(saga)}.`]),
      ...(attempts > 1 ? [`${counted(attempts, 'attempt')}.`] : []),
      ...(state !== 'RUNNING' && tookMs >= 1_000 ? [`Took ${formatSpan(tookMs)}.`] : []),
      ...(error === null ? [] : [`Last error: ${error}`]),
    ],
    actor: /^(support|operator|admin):/.test(entry.actor) ? actorWords(entry.actor) : undefined,
  };
}

function paymentEntry(payment: One<'payments'>, money: Money): TimelineEntry {
  const { kind, status, amount, payment_id: id, decline_code: decline, reason, reference, provider, fee, at } = payment;
  return {
    at,
    kind: 'money',
    tone: status === 'DECLINED' || status === 'FAILED' ? 'bad' : 'good',
    title: `${money(amount)} ${paymentWords(kind, status)}`,
    details: [
      ...(decline === null ? [] : [`Decline code ${decline}.`]),
      ...(id === null ? [] : [`Payment ${id}, ${payment.payment_method}.`]),
      ...(provider === 'EXTERNAL' ? ['Outside the payment service.'] : []),
      ...(reference === null ? [] : [`Reference ${reference}.`]),
      ...(fee === null ? [] : [`Fee ${money(fee)}.`]),
      ...(reason === null ? [] : [reason]),
    ],
    actor: payment.actor === null ? undefined : actorWords(payment.actor),
  };
}

function paymentWords(kind: One<'payments'>['kind'], status: One<'payments'>['status']): string {
  if (kind === 'REFUND_FAILURE') return 'of a refund did not arrive, and came back';
  return kind === 'REFUND' ? 'refunded' : wordsOf(status).toLowerCase();
}

function countItems(items: readonly { readonly quantity: number }[]): string {
  return counted(
    items.reduce((sum, { quantity }) => sum + quantity, 0),
    'piece',
  );
}

function shipmentEntry({ items, carrier, tracking_number: number, actor, reason, shipped_at: at }: One<'shipments'>) {
  const tracking = [carrier, number].filter((part) => part !== null).join(' ');
  return {
    at,
    kind: 'goods',
    tone: 'info',
    title: `${countItems(items)} shipped`,
    details: [...(tracking === '' ? [] : [tracking]), ...(reason === null ? [] : [reason])],
    actor: actorWords(actor),
  } satisfies TimelineEntry;
}

function returnEntry(
  { state, items, refund_amount: amount, actor, reason, created_at: at }: One<'returns'>,
  money: Money,
) {
  return {
    at,
    kind: 'goods',
    tone: state === 'REJECTED' ? 'warn' : 'info',
    title: `Return of ${countItems(items)}, ${money(amount)}: ${wordsOf(state).toLowerCase()}`,
    details: [reason],
    actor: actorWords(actor),
  } satisfies TimelineEntry;
}

function refundEntry(
  { state, amount, refunded_amount: made, actor, reason, created_at: at }: One<'refunds'>,
  money: Money,
) {
  return {
    at,
    kind: 'money',
    tone: state === 'REJECTED' ? 'warn' : 'info',
    title: `Refund of ${money(amount)} without goods: ${wordsOf(state).toLowerCase()}`,
    details: [...(state === 'REFUNDED' && made !== amount ? [`${money(made)} went back.`] : []), reason],
    actor: actorWords(actor),
  } satisfies TimelineEntry;
}

function messageEntry(message: One<'messages'>): TimelineEntry {
  const { type, state, attempts, last_error: error, recipient, requested_by: by } = message;
  return {
    at: message.sent_at ?? message.created_at,
    kind: 'message',
    tone: state === 'FAILED' ? 'bad' : state === 'SENT' ? 'good' : 'info',
    title: `Message “${wordsOf(type)}”: ${state.toLowerCase()}`,
    details: [
      ...(recipient === null ? [] : [`To ${recipient}.`]),
      ...(attempts > 1 ? [`${counted(attempts, 'attempt')}.`] : []),
      ...(error === null || state === 'SENT' ? [] : [`Last error: ${error}`]),
    ],
    actor: by === null ? undefined : actorWords(by),
  };
}

function noteEntry({ text, author, at }: One<'notes'>): TimelineEntry {
  return { at, kind: 'note', tone: 'warn', title: 'Note', details: [text], actor: actorWords(author) };
}
