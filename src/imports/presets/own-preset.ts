import {
  fileOrderStates,
  filePaymentStates,
  type FileOrderState,
  type FilePaymentState,
} from '../../domain/file-order.ts';
import type { OrderStatus } from '../../domain/order-status.ts';
import type { PaymentStatus } from '../../domain/payment-status.ts';
import { importFieldNames, importFields } from '../../domain/import-columns.ts';
import { presetFields, type PresetField } from '../../domain/preset-fields.ts';
import { OWN_PRESET, taxWords, type Preset, type PresetColumn } from '../../domain/preset.ts';

const isPresetField = (field: string): field is PresetField => (presetFields as readonly string[]).includes(field);

/** What an export of lines calls fields that an import of new orders must not take for its own. */
const exported = {
  state: ['state', 'status'],
  payment_state: ['payment_state', 'payment_status'],
  tax_basis: ['tax_basis', 'tax_included'],
  product_id: ['product_id', 'catalogue_id'],
  payment_method: [...importFields.payment_method, 'paid_with'],
  paid_at: ['paid_at', 'confirmed_at'],
} as const satisfies Partial<Record<PresetField, PresetColumn>>;

/** A field's own name, and its usual headers where it has some. */
const columns: Partial<Record<PresetField, PresetColumn>> = {
  ...Object.fromEntries(presetFields.map((field) => [field, field])),
  ...Object.fromEntries(importFieldNames.filter(isPresetField).map((field) => [field, importFields[field]])),
  ...exported,
};

/** Our own statuses, as an export writes them. */
const statusWords: Readonly<Record<OrderStatus, FileOrderState>> = {
  PENDING: 'OPEN',
  CONFIRMED: 'OPEN',
  PROCESSING: 'OPEN',
  PAYMENT_FAILED: 'OPEN',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  RETURNED: 'RETURNED',
  REFUNDED: 'RETURNED',
  CANCELLED: 'CANCELLED',
};

const paymentWords: Readonly<Record<PaymentStatus, FilePaymentState>> = {
  PENDING: 'UNPAID',
  ACTION_REQUIRED: 'UNPAID',
  QUEUED: 'UNPAID',
  UNKNOWN: 'UNPAID',
  FAILED: 'UNPAID',
  AUTHORIZED: 'AUTHORIZED',
  CAPTURED: 'PAID',
  // What has gone back so far is stated beside it.
  REFUNDING: 'PAID',
  PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
  REFUNDED: 'REFUNDED',
};

const sameWords = <T extends string>(words: readonly T[]) =>
  Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;

/** Files with our own header: every field under its own name, every state under its own word. */
export const ownPreset: Preset = {
  name: OWN_PRESET,
  title: 'Our own header',
  columns,
  rows: { without_reference: 'refuse' },
  words: {
    state: { ...sameWords(fileOrderStates), ...statusWords },
    payment_state: { ...sameWords(filePaymentStates), ...paymentWords },
    line_state: sameWords(fileOrderStates),
    tax_basis: { ...sameWords(taxWords), true: 'INCLUDED', false: 'ON_TOP' },
  },
};
