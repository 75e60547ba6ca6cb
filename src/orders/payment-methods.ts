import { z } from 'zod';
import type { MethodAmount } from '../domain/messages.ts';
import type { PaymentCapture } from '../domain/payment-capture.ts';
import { parseMoney } from '../domain/money.ts';
import { findPartsFault, MOST_PAYMENT_METHODS, ONE_METHOD_ONLY, type PaymentPart } from '../domain/payment-part.ts';
import { invalidRequest, type RefusalDetail } from '../domain/refusal.ts';
import { paymentMethod } from './text-schemas.ts';

/** Payment methods with what is paid by each, in order of use. */
const paymentMethods = z
  .array(
    z
      .strictObject({
        method: paymentMethod,
        amount: z
          .string('must be a string such as "12.50"')
          .regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, 'must be a decimal amount such as "12.50"')
          .refine((amount) => /[1-9]/.test(amount), 'must be more than 0')
          .meta({ example: '12.50', description: 'More than 0.' }),
      })
      .meta({ id: 'MethodAmount' }),
  )
  .min(1)
  .max(MOST_PAYMENT_METHODS)
  .superRefine((methods, context) => {
    const named = new Set<string>();
    methods.forEach(({ method }, index) => {
      if (named.has(method)) {
        context.addIssue({ code: 'custom', path: [index, 'method'], message: 'names a method that was named before' });
      }
      named.add(method);
    });
  });

/** How something is paid: with one payment method or with several, in order of use, whose amounts add up to the total. */
export const paymentFields = {
  payment_method: paymentMethod.optional(),
  payment_methods: paymentMethods.optional().meta({
    description:
      'Several payment methods instead of one, in order of use: the amounts add up to the total. Refunds go back in the reverse order.',
  }),
};

/** In the documentation: exactly one of both. */
export const eitherPayment = [{ required: ['payment_method'] }, { required: ['payment_methods'] }];

/** Adds a fault unless exactly one of both is given; with `isOptional` also none. Runs whatever else is wrong, so it trusts nothing that it looks at. */
export function requireOnePayment(body: unknown, context: z.core.$RefinementCtx, isOptional = false): void {
  const { payment_method: one, payment_methods: several } = Object(body) as Record<string, unknown>;
  if (one !== undefined && several !== undefined) {
    const message = 'must be left out when "payment_methods" is given: an order is paid with either';
    context.addIssue({ code: 'custom', path: ['payment_method'], message });
  }
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (one === undefined && several === undefined && !isOptional && isObject) {
    context.addIssue({ code: 'custom', path: ['payment_method'], message: 'is required' });
  }
}

/** How a payment is asked for, its form checked. */
export interface WantedPayment {
  readonly payment_method?: string | undefined;
  readonly payment_methods?: readonly MethodAmount[] | undefined;
}

/** What is paid, and when it is captured, if it is authorised. */
export interface PaymentTerms {
  readonly totalMinor: number;
  readonly currency: string;
  readonly paymentCapture?: PaymentCapture | undefined;
}

/**
 * The payment methods of a payment: one, or the last of several with all of them in order of use. Throws VALIDATION for amounts that are none
 * of the currency or don't add up to the total, and for several where payments are captured as goods are shipped.
 */
export function readPayment(
  { payment_method: single, payment_methods: several }: WantedPayment,
  { totalMinor, currency, paymentCapture }: PaymentTerms,
): { readonly paymentMethod: string; readonly paymentParts: readonly PaymentPart[] | null } {
  if (!several) {
    if (single !== undefined) return { paymentMethod: single, paymentParts: null };
    throw invalidRequest([{ pointer: '/payment_method', message: 'is required' }]);
  }
  const parts = readParts(several, currency);
  if (parts.length > 1 && paymentCapture === 'shipment') throw invalidMethods(ONE_METHOD_ONLY);
  const fault = findPartsFault(parts, totalMinor, currency);
  if (fault !== undefined) throw invalidMethods(fault);
  const paymentMethodOfRest = parts.at(-1)?.paymentMethod ?? '';
  return { paymentMethod: paymentMethodOfRest, paymentParts: parts.length > 1 ? parts : null };
}

function readParts(several: readonly MethodAmount[], currency: string): PaymentPart[] {
  const faults: RefusalDetail[] = [];
  const parts = several.map(({ method, amount }, index) => {
    try {
      return { paymentMethod: method, amountMinor: parseMoney(amount, currency) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      faults.push({ pointer: `/payment_methods/${index}/amount`, message: error.message });
      return { paymentMethod: method, amountMinor: 0 };
    }
  });
  if (faults.length > 0) throw invalidRequest(faults);
  return parts;
}

function invalidMethods(message: string) {
  return invalidRequest([{ pointer: '/payment_methods', message }]);
}
