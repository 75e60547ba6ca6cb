import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { listen } from '../../src/http/listen.ts';
import { createApiOverRig } from '../setup/api-over-rig.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

/** Nobody looks the payment up within the time of this test. */
const LOOKUP = '1h';

let rig: SagaRig;
let closeApi: () => Promise<void>;
beforeAll(async () => {
  const port = await freePort();
  rig = await startSagaRig({
    PAYMENT_CAPTURE: 'confirm',
    PAYMENT_WEBHOOK_URL: `http://127.0.0.1:${port}/api/v1/webhooks/payments`,
    PAYMENT_WEBHOOK_SECRET: `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`,
    JWT_SECRET: 'a secret for tests that is long enough',
    SERVICE_ANSWER_LOOKUP: LOOKUP,
  });
  const { api, changes } = createApiOverRig(rig);
  const server = await listen(api, { host: '127.0.0.1', port });
  closeApi = async () => {
    await server.close(1_000);
    await changes.close();
  };
  await rig.product('TEAPOT', 100);
});
afterAll(async () => {
  await closeApi();
  await rig.stop();
});

test.each([
  ['approve', 'CONFIRMED'],
  ['refuse', 'PAYMENT_FAILED'],
] as const)(
  'an order whose customer says %s to their bank goes on at once, as the payment service tells',
  async (answer, status) => {
    const id = await rig.place({ paymentMethod: 'tok_3ds' });
    const { paymentAction } = await eventually(async () => {
      const order = await rig.order(id);
      expect(order.paymentStatus).toBe('ACTION_REQUIRED');
      return order;
    });
    const { nextAction } = paymentAction!;
    if (nextAction.type !== 'redirect') throw new Error(nextAction.type);
    expect((await fetch(`${nextAction.url}/${answer}`, { method: 'POST' })).status).toBe(200);
    await rig.reaches(id, status);
  },
);
