import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address, startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const { postal_code: _, ...withoutCode } = address;
const placeTo = (shippingAddress: object) => rig.place({ shipping_address: shippingAddress }, {});

describe('an address without a postal code', () => {
  test.each(['HK', 'AE', 'QA', 'PA', 'AO', 'IE'])(
    'is complete in %s, and read back as it was given',
    async (country) => {
      const { status, body } = await placeTo({ ...withoutCode, country });
      expect([status, body.shipping_address]).toEqual([201, { ...withoutCode, country }]);
    },
  );

  test.each(['GB', 'DE', 'US', 'JP'])('is refused in %s, which has postal codes', async (country) => {
    const { status, body } = await placeTo({ ...withoutCode, country });
    expect([status, body.details]).toEqual([
      400,
      [{ pointer: '/shipping_address/postal_code', message: 'is required in this country' }],
    ]);
  });
});

describe('a name', () => {
  test.each([
    ['a space of no width', '\u200b'],
    ['joiners only', '\u200d\u200c'],
    ['a soft hyphen', '\u00ad'],
    ['a byte order mark', 'Ann\ufeff'],
    ['an override of the direction', 'Ann \u202egnp.exe'],
    ['an isolate', '\u2066Ann'],
  ])('that is or has %s is refused', async (_case, name) => {
    const { status, body } = await placeTo({ ...address, name });
    expect([status, body.details[0].pointer]).toEqual([400, '/shipping_address/name']);
  });

  test.each([
    ['in Persian with a non-joiner', 'علی\u200cرضا'],
    ['in Hindi with a joiner', 'क्\u200dष'],
    ['with an accent', 'Zoë Ångström'],
  ])('%s is taken', async (_case, name) => {
    expect((await placeTo({ ...address, name })).body.shipping_address.name).toBe(name);
  });
});

test('an order is found by its number in any case', async () => {
  const { body: placed } = await rig.place();
  const { status, body } = await rig.request('GET', `/api/v1/orders/${placed.order_number.toLowerCase()}`);
  expect([status, body.id]).toEqual([200, placed.id]);
});
