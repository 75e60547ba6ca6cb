import { z } from 'zod';
import { payment } from '../../gateways/payment-answers.ts';
import {
  demand,
  describe,
  newOrder,
  NotTried,
  read,
  requireAnswer,
  requireRefusal,
  requireStatus,
  together,
} from './check.ts';
import { made, type PaymentCheck } from './payment-calls.ts';

const held = z.looseObject({ id: z.string().min(1), status: z.string() });
const captures = z.looseObject({ data: z.array(z.looseObject({ payment_id: z.string() })) });

/** What the checks hold, and what they take of it, in minor units. */
const HELD = 1_234;
const TAKEN = 1_000;

/** The promises of a service that can hold money before it takes it, which is an ability that a service may be without. */
export const authorizationChecks: readonly PaymentCheck[] = [
  {
    id: 'authorize-released',
    severity: 'critical',
    expected: 'a void releases what is only authorised, which is no refund, and forbids captures: 409 PAYMENT_VOIDED',
    matters:
      'money could be taken for an order that is cancelled, or books say that money went back that was never taken',
    run: async (calls) => {
      const orderId = newOrder();
      const id = await authorize(calls, orderId);
      await calls.takeBack(orderId, 0);
      const late = await calls.capture(id, { orderId, minor: TAKEN });
      requireRefusal(late, 409, 'PAYMENT_VOIDED', 'a capture after the void of its order');
      await calls.takeBack(orderId, 0);
    },
  },
  {
    id: 'capture-repeated',
    severity: 'critical',
    expected:
      'a capture that is sent again with its key, also in parallel, takes the money once and is found by its key',
    matters: 'customers would be charged twice',
    run: async (calls) => {
      const orderId = newOrder();
      const id = await authorize(calls, orderId);
      const wanted = { orderId, minor: 500, isFinal: false };
      const answers = await together(8, () => calls.capture(id, wanted));
      for (const answer of [...answers, await calls.capture(id, wanted)])
        requireStatus(answer, made, 'a repeated capture');
      const found = await calls.findCaptures(`${orderId}:capture:1`);
      requireStatus(found, [200], 'a lookup of a capture');
      const [taken] = read(found, captures, 'a lookup of a capture').data;
      await calls.takeBack(orderId, 500);
      demand(taken?.payment_id === id, `a lookup of a capture was answered ${describe(found)}`);
    },
  },
  {
    id: 'capture-part',
    severity: 'critical',
    expected: 'a final capture takes its amount alone and releases the rest, and a void refunds just that',
    matters: 'customers would be charged for what was not shipped',
    run: async (calls) => {
      const orderId = newOrder();
      const id = await authorize(calls, orderId);
      requireAnswer(await calls.capture(id, { orderId, minor: TAKEN }), made, payment, 'a capture');
      const more = await calls.capture(id, { orderId, nth: 2, minor: 1 });
      await calls.takeBack(orderId, TAKEN);
      requireStatus(more, [409], 'a capture after the final one');
    },
  },
  {
    id: 'capture-exceeds',
    severity: 'critical',
    expected:
      'captures of more than is authorised, also together in parallel, are answered 409 CAPTURE_EXCEEDS and take nothing',
    matters: 'more could be taken than the customer has agreed to',
    run: async (calls) => {
      const orderId = newOrder();
      const id = await authorize(calls, orderId);
      const tooMuch = await calls.capture(id, { orderId, nth: 9, minor: HELD + 1 });
      const wanted = { orderId, minor: 500, isFinal: false };
      const answers = await together(6, (nth) => calls.capture(id, { ...wanted, nth }));
      const taken = answers.filter(({ status }) => made.includes(status)).length;
      await calls.takeBack(orderId, 500 * Math.min(taken, 2));
      requireRefusal(tooMuch, 409, 'CAPTURE_EXCEEDS', 'a capture of more than is authorised');
      demand(taken === 2, `of six captures of 5 each, where 12.34 are authorised, ${taken} were made`);
    },
  },
  {
    id: 'capture-key-reused',
    severity: 'major',
    expected: 'the key of a capture with another amount is answered 422 and takes nothing',
    matters: 'a capture could be taken for one that was made already, and its money be missing',
    run: async (calls) => {
      const orderId = newOrder();
      const id = await authorize(calls, orderId);
      requireStatus(await calls.capture(id, { orderId, minor: 500, isFinal: false }), made, 'a capture');
      const other = await calls.capture(id, { orderId, minor: 400, isFinal: false });
      await calls.takeBack(orderId, 500);
      requireStatus(other, [422], 'a capture with the key of another one');
    },
  },
];

type Calls = Parameters<PaymentCheck['run']>[0];

/** Has money held, and returns the payment's id; {@link NotTried} when the service only charges. */
async function authorize({ charge, voidOrder }: Calls, orderId: string): Promise<string> {
  const answer = await charge({ orderId, minor: HELD, more: { capture: false } });
  const said = `a charge with "capture": false was answered ${describe(answer)}`;
  if ([400, 404, 405, 501].includes(answer.status)) throw new NotTried(`it is not offered: ${said}`);
  requireStatus(answer, made, 'an authorisation');
  const { id, status } = read(answer, held, 'an authorisation');
  if (status === 'CAPTURED') {
    await voidOrder(orderId);
    throw new NotTried(`it is not offered: ${said}`);
  }
  demand(status === 'AUTHORIZED', said);
  return id;
}
