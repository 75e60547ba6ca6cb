import { html, type Html } from './html.ts';
import { wordsOf } from './words.ts';

/** How something stands, at first sight; the words say it as well. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';

const tones: Readonly<Record<string, Tone>> = {
  CONFIRMED: 'good',
  PROCESSING: 'info',
  SHIPPED: 'info',
  DELIVERED: 'good',
  PENDING: 'info',
  PAYMENT_FAILED: 'bad',
  CANCELLED: 'plain',
  CAPTURED: 'good',
  AUTHORIZED: 'good',
  ACTION_REQUIRED: 'warn',
  FAILED: 'bad',
  QUEUED: 'warn',
  UNKNOWN: 'warn',
  REFUNDING: 'info',
  RUNNING: 'info',
  COMPENSATING: 'warn',
  NEEDS_ATTENTION: 'bad',
  COMPLETED: 'good',
  SENT: 'good',
  DEAD: 'bad',
  OPEN: 'warn',
  FAILING: 'bad',
  DISABLED: 'warn',
  ACTIVE: 'good',
  LOST: 'bad',
  PAUSED: 'warn',
  TASK_FAILING: 'bad',
  KEY_MISSING: 'bad',
  NO_WORKER: 'bad',
  RETRYING: 'warn',
};

/** A constant of the API in words, in its colour. */
export function badge(constant: string, tone: Tone = tones[constant] ?? 'plain'): Html {
  return html`<span class="badge ${tone}">${wordsOf(constant)}</span>`;
}
