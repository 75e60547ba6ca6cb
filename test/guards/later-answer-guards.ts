import type { Guard } from './guard.ts';

const test = 'test/workflows/later-answers.test.ts';

/** What keeps a saga right whose services answer later. */
export const laterAnswerGuards: readonly Guard[] = [
  {
    name: 'the compensation of a charge that is waited for is declared',
    file: 'workflows/create-order-saga.ts',
    find: '    chargePayment: isAuthorized ? undefined : refundOf(order),\n',
    replace: '',
    test: [test, 'an order that is cancelled while it waits for its charge takes nothing, whatever is decided later'],
  },
  {
    name: 'goods that are reserved after the undo are released',
    file: 'src/orders/settle-reservation.ts',
    find: '    await gateways.inventory.release(order.id);\n',
    replace: '',
    test: [test, 'what a service does all the same after its undo is undone once, when it says so'],
  },
  {
    name: 'a charge that is made after the undo is refunded',
    file: 'src/domain/payment-webhook.ts',
    find: "  if (isCaptured && order.status === 'CANCELLED') return 'refund order';\n",
    replace: '',
    test: [test, 'what a service does all the same after its undo is undone once, when it says so'],
  },
  {
    name: 'the books of a service have the last word',
    file: 'activities/payment.ts',
    find: '    return await dependencies.gateways.payment.findCharge(input.idempotencyKey);\n',
    replace:
      '    const told = await saidByWebhook(dependencies, input);\n' +
      '    return told ?? (await dependencies.gateways.payment.findCharge(input.idempotencyKey));\n',
    test: [test, 'a message that contradicts the books of its service is not believed'],
  },
  {
    name: 'a message that overtakes the answer is remembered',
    file: 'workflows/open-request.ts',
    find: '    this.#settledEarly.add(whole);\n',
    replace: '',
    test: [test, 'a message that overtakes the answer is remembered, and the outcome is looked up at once'],
  },
  {
    name: 'the handler of unknown signals is set after those of the services',
    file: 'workflows/receive-order-commands.ts',
    find: '  receiveSettlements(order);\n  receiveDisputes(order);\n  receiveCommands(receiver);\n',
    replace: '  receiveCommands(receiver);\n  receiveSettlements(order);\n  receiveDisputes(order);\n',
    test: [test, 'a notice that comes before any worker runs the order has its charge asked for at once'],
  },
];
