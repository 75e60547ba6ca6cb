import type { Guard } from './guard.ts';

/** What keys keep. */
export const keyGuards: readonly Guard[] = [
  {
    name: 'the key of a charge has nothing of the run in it',
    file: 'workflows/new-charge.ts',
    find: 'const idempotencyKey = `${orderId}:charge:${attempt}`',
    replace: 'const idempotencyKey = `${orderId}:charge:${Math.random()}`',
    test: [
      'test/workflows/reset.test.ts',
      'resetting a confirmed order to each of its workflow tasks repeats no effect',
    ],
  },
  {
    name: 'the key of a charge has nothing of the attempt in it',
    file: 'src/gateways/http-payment.ts',
    find: "path: '/payments', body, idempotencyKey }",
    replace: "path: '/payments', body, idempotencyKey: `${idempotencyKey}:${Math.random()}` }",
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > chargePayment > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'the key of a reservation has nothing of the attempt in it',
    file: 'src/gateways/http-inventory.ts',
    find: 'body: { order_id: orderId, items',
    replace: 'body: { order_id: `${orderId}:${Math.random()}`, items',
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > reserveInventory > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'the key of a message has nothing of the attempt in it',
    file: 'src/gateways/http-notification.ts',
    find: '        idempotencyKey,\n        schema: z.unknown()',
    replace: '        idempotencyKey: `${idempotencyKey}:${Math.random()}`,\n        schema: z.unknown()',
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > notifyCustomer > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'a charge in doubt is looked up before it is made again',
    file: 'activities/payment.ts',
    find: 'const known = mayHaveActed ?',
    replace: 'const known = mayHaveActed && !input.orderId ?',
    test: [
      'test/activities/outcomes.test.ts',
      'a charge whose outcome is unknown is looked up by its key before anything is sent again',
    ],
    fails: 'answered 500',
  },
];

/** What the projection keeps. */
export const projectionGuards: readonly Guard[] = [
  {
    name: 'a status follows the transition table',
    file: 'src/repositories/transition-order.ts',
    find: 'before.status = any(${allowedBefore(t.to)})',
    replace: '${allowedBefore(t.to)}::text[] is not null',
    test: [
      'test/repositories/transition-order.test.ts',
      'a late write returns the status that the order has, and regresses nothing',
    ],
  },
  {
    name: 'a transition is written once a key',
    file: 'src/repositories/transition-order.ts',
    find: 'h.transition_key = ${t.key})',
    replace: "h.transition_key = ${t.key} || ' ')",
    test: [
      'test/repositories/transition-order.test.ts',
      'a repeat with the same key changes nothing, even where the table would allow it again',
    ],
    fails: 'duplicate key value',
  },
  {
    name: 'a step that was parked again is not decided on by what was decided before',
    file: 'src/repositories/saga-resolutions.ts',
    find: "and s.state = 'FAILED' and s.updated_at = r.parked_at)",
    replace: "and s.state = 'FAILED')",
    test: [
      'test/workflows/resolve-sagas.test.ts',
      'an order that has left its parked state meanwhile, or was parked again, is not touched',
    ],
  },
  {
    name: 'an order of a shop is the same whoever sends its file',
    file: 'src/imports/import-key.ts',
    find: "return { subject: '→sources', key:",
    replace: 'return { subject, key:',
    test: [
      'test/imports/place-file-order.test.ts',
      'an order of a source is the same whoever sends it, taken in or placed, and whether its key is kept or not',
    ],
  },
];
