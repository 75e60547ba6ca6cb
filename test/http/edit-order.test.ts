import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { address, startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ settings: { TAX_RATES: 'GB=20,DE=19,FR=20' } });
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.commands.mode = 'up';
  rig.commands.sent.length = 0;
});

const placed = async (country: string) => {
  const { body } = await rig.place({ shipping_address: { ...address, country } });
  return `/api/v1/orders/${body.id}`;
};
const edit = (path: string, body: object, headers: Record<string, string> = {}) =>
  rig.request('PATCH', path, { body, headers });
const to = (country: string) => ({ shipping_address: { ...address, line1: '7 Cherry Tree Lane', country } });

describe('a change of an order', () => {
  test.each([
    ['notes', { notes: 'ring twice' }],
    ['an address in the same country', to('GB')],
    ['an address in a country with the same tax', to('FR')],
    ['who ordered', { customer_name: 'Zoë', customer_email: 'zoe@example.com', customer_phone: '+44 20 7946 0018' }],
    ['its reference and language', { reference: '#7', locale: 'de-CH' }],
    ['the country of whoever pays', { billing_address: { ...address, country: 'US' } }],
  ])('that is of %s is written at once', async (_what, body) => {
    const answer = await edit(await placed('GB'), body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ...body, tax: '5.00', total: '30.00' });
    expect(rig.commands.sent).toEqual([]);
  });

  test.each([
    ['US', 'GB'],
    ['GB', 'US'],
    ['GB', 'DE'],
  ])('that sends it from %s to %s is an amendment, whose command holds no address', async (from, country) => {
    const path = await placed(from);
    rig.commands.mode = 'silent';
    const answer = await edit(path, { ...to(country), notes: 'new flat' });
    expect([answer.status, answer.body.shipping_address.country]).toEqual([202, from]);
    expect(answer.headers.get('etag')).toBe(`"${answer.body.version}"`);
    const [{ name, command } = { name: undefined, command: undefined }] = rig.commands.sent;
    expect([name, command]).toMatchObject(['amendItems', { change: 'redirect', actor: 'customer:alice' }]);
    expect(JSON.stringify(command)).not.toContain('Cherry Tree');
  });

  test('that gives every field sets them all, and the history tells only which of them differ', async () => {
    const path = await placed('GB');
    await edit(path, { customer_name: 'Zoë', notes: 'ring twice' });
    const everything = {
      customer_name: 'Zoë',
      customer_email: 'zoe@example.com',
      customer_phone: null,
      reference: '#7',
      locale: 'de-CH',
      shipping_address: { ...address, company: 'Acme', phone: '020 7946 0018', email: 'desk@acme.example' },
      billing_address: null,
      notes: null,
    };
    const answer = await rig.request('PUT', path, { body: everything, headers: { 'If-Match': '"99"' } });
    expect([answer.status, answer.body.code]).toEqual([412, 'VERSION_CONFLICT']);
    const { status, body } = await rig.request('PUT', path, { body: everything });
    expect(status).toBe(200);
    expect(body).toMatchObject(everything);
    const history = await rig.request('GET', `${path}/history`);
    expect(history.body.data.at(-1).reason).toBe('changed: customer email, reference, locale, shipping address, notes');
  });

  test('that leaves out a field which has to be given is refused, and names it', async () => {
    const path = await placed('GB');
    const { status, body } = await rig.request('PUT', path, { body: { shipping_address: address, notes: null } });
    expect([status, body.code]).toEqual([400, 'VALIDATION']);
    expect(body.details).toEqual(
      ['customer_name', 'customer_email', 'customer_phone', 'reference', 'locale', 'billing_address'].map((field) => ({
        pointer: `/${field}`,
        message: 'is required',
      })),
    );
  });

  test('that comes while goods are being redirected waits for its turn', async () => {
    const path = await placed('US');
    rig.commands.mode = 'silent';
    await edit(path, to('GB'));
    const answer = await edit(path, to('US'));
    expect([answer.status, rig.commands.sent.length]).toEqual([202, 2]);
  });

  test('that changes the tax is refused until the order is confirmed', async () => {
    rig.commands.mode = 'silent';
    const { body: order } = await rig.place({}, { headers: { Prefer: 'respond-async' } });
    const { status, body } = await edit(`/api/v1/orders/${order.id}`, to('US'));
    expect([status, body.code]).toEqual([400, 'ORD005']);
    expect((await edit(`/api/v1/orders/${order.id}`, to('FR'))).status).toBe(200);
  });

  test('that makes it dearer takes a customer who may order, and one that makes it cheaper does not', async () => {
    const [untaxed, taxed] = [await placed('US'), await placed('GB')];
    rig.commands.mode = 'silent';
    const customer = (status: string) =>
      rig.sandbox.call('PUT', '/users/alice', { name: 'alice', email: 'alice@example.com', status });
    await customer('INACTIVE');
    const { status, body } = await edit(untaxed, to('GB'));
    expect([status, body.code]).toEqual([400, 'ORD001']);
    expect((await edit(taxed, to('US'))).status).toBe(202);
    await customer('ACTIVE');
    await rig.sandbox.call('POST', '/faults', { service: 'customer', operation: 'get', mode: 'down' });
    expect((await edit(untaxed, to('GB'))).status).toBe(503);
    await rig.sandbox.call('DELETE', '/faults');
    expect((await edit(untaxed, to('GB'))).status).toBe(202);
  });

  test('under a key is made once, and never again after another one', async () => {
    const path = await placed('GB');
    const headers = { 'Idempotency-Key': 'first' };
    expect((await edit(path, { notes: 'one' }, headers)).body.notes).toBe('one');
    await edit(path, { notes: 'two' });
    const again = await edit(path, { notes: 'one' }, headers);
    expect([again.status, again.body.notes]).toEqual([200, 'two']);
  });
});
