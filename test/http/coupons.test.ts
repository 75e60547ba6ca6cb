import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';
import { roles } from '../../src/domain/caller.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const put = (code: string, body: unknown) => rig.request('PUT', `/api/v1/coupons/${code}`, { as: 'admin', body });
const get = (below: string) => rig.request('GET', `/api/v1/coupons${below}`, { as: 'support' });

test('a coupon is made, read in whatever case, and replaced', async () => {
  const made = await put('save10', { kind: 'percent', value: '10', minimum_subtotal: '50.00' });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    code: 'SAVE10',
    kind: 'percent',
    value: '10',
    currency: null,
    minimum_subtotal: '50.00',
    valid_from: null,
    once_per_customer: true,
    max_uses: null,
    active: true,
    uses: 0,
  });
  expect((await get('/Save10')).body).toEqual(made.body);

  const times = { valid_from: '2026-01-01', valid_until: '2027-01-01T01:00:00+01:00' };
  const replaced = await put('SAVE10', { kind: 'fixed', value: '5.00', currency: 'EUR', max_uses: 9, ...times });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({
    kind: 'fixed',
    value: '5.00',
    currency: 'EUR',
    minimum_subtotal: null,
    valid_from: '2026-01-01T00:00:00.000Z',
    valid_until: '2027-01-01T00:00:00.000Z',
    max_uses: 9,
    created_at: made.body.created_at,
  });
  expect((await get('/save10')).body).toEqual(replaced.body);
});

test('coupons are listed by code, page by page', async () => {
  for (const code of ['PAGE-C', 'PAGE-A', 'PAGE-B']) await put(code, { kind: 'percent', value: '1' });
  const listed: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body } = await get(`?limit=2${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    expect(body.data.length).toBeLessThanOrEqual(2);
    listed.push(...body.data.map(({ code }: { code: string }) => code));
    cursor = body.next_cursor;
  }
  expect(listed.filter((code) => code.startsWith('PAGE-'))).toEqual(['PAGE-A', 'PAGE-B', 'PAGE-C']);
  expect(new Set(listed).size).toBe(listed.length);
});

test('a code that no coupon has is not found', async () => {
  const { status, body } = await get('/NONE');
  expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
});

test.each([
  ['no kind', { value: '10' }, ['/kind']],
  ['an unknown kind', { kind: 'gift', value: '10' }, ['/kind']],
  ['a value as a number', { kind: 'percent', value: 10 }, ['/value']],
  ['a value of 0', { kind: 'percent', value: '0.000' }, ['/value']],
  ['a negative value', { kind: 'fixed', value: '-5.00', currency: 'EUR' }, ['/value']],
  ['more than 100 percent', { kind: 'percent', value: '100.001' }, ['/value']],
  ['a percentage with 4 decimals', { kind: 'percent', value: '1.2345' }, ['/value']],
  ['an amount without a currency', { kind: 'fixed', value: '5.00' }, ['/currency']],
  ['an amount with too many decimals', { kind: 'fixed', value: '5.00', currency: 'JPY' }, ['/value']],
  ['an amount of nothing', { kind: 'fixed', value: '0.00', currency: 'EUR' }, ['/value']],
  ['an unknown currency', { kind: 'fixed', value: '5.00', currency: 'XAU' }, ['/currency']],
  [
    'a minimum that its currency can not tell',
    { kind: 'percent', value: '5', currency: 'JPY', minimum_subtotal: '10.5' },
    ['/minimum_subtotal'],
  ],
  ['a broken minimum', { kind: 'percent', value: '5', minimum_subtotal: '1e3' }, ['/minimum_subtotal']],
  ['no uses', { kind: 'percent', value: '5', max_uses: 0 }, ['/max_uses']],
  ['a time that is none', { kind: 'percent', value: '5', valid_from: 'tomorrow' }, ['/valid_from']],
  [
    'an end before its beginning',
    { kind: 'percent', value: '5', valid_from: '2026-02-01', valid_until: '2026-01-31' },
    ['/valid_until'],
  ],
  ['an unknown field', { kind: 'percent', value: '5', uses: 3 }, ['/uses']],
])('a coupon with %s is refused at the very place', async (_, body, pointers) => {
  const answer = await put('BAD', body);
  expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION']);
  expect(answer.body.details.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  expect((await get('/BAD')).status).toBe(404);
});

test.each(['%20', 'a%20b', '-A', 'x'.repeat(65), '%E2%82%AC'])('the code %s is refused', async (code) => {
  const { status, body } = await put(code, { kind: 'percent', value: '5' });
  expect([status, body.code]).toEqual([400, 'VALIDATION']);
});

test('roles decide who may read and who may set coupons', async () => {
  await put('ROLES', { kind: 'percent', value: '5' });
  const expected = { customer: [403, 403, 403], service: [200, 200, 403], support: [200, 200, 403] };
  const stronger = { operator: [200, 200, 403], admin: [200, 200, 200] };
  for (const as of roles) {
    const answers = [
      await rig.request('GET', '/api/v1/coupons', { as }),
      await rig.request('GET', '/api/v1/coupons/ROLES', { as }),
      await rig.request('PUT', '/api/v1/coupons/ROLES', { as, body: { kind: 'percent', value: '5' } }),
    ];
    expect([as, answers.map(({ status }) => status)]).toEqual([as, { ...expected, ...stronger }[as]]);
  }
});
