import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { orderActions } from '../../src/console/actions/order-actions.ts';
import { openConsole } from '../../src/console/open-console.ts';
import { staff } from '../../src/domain/caller.ts';
import { startApiRig, token, type ApiRig } from '../http/api-rig.ts';

/** Which role may see which page. {order} and {none} stand for an order and for what there is not. */
const pages = `
                                        support  operator  admin
  /                                     yes      yes       yes
  /orders                               yes      yes       yes
  /search?q=ord                         yes      yes       yes
  /orders/{order}                       yes      yes       yes
  /orders/{order}/events                yes      yes       yes
  /orders/{order}/actions/cancel        yes      yes       yes
  /queues/needs_attention               yes      yes       yes
  /queues/stuck                         yes      yes       yes
  /queues/retrying                      yes      yes       yes
  /queues/not_started                   yes      yes       yes
  /queues/payment_failed                yes      yes       yes
  /queues/backordered                   yes      yes       yes
  /queues/review                        yes      yes       yes
  /queues/refund_due                    yes      yes       yes
  /queues/disputed                      yes      yes       yes
  /queues/message_failed                yes      yes       yes
  /queues/dead_letter                   no       yes       yes
  /queues/unapplied_event               no       yes       yes
  /queues/needs_attention/decide        yes      yes       yes
  /resolutions                          no       yes       yes
  /resolutions/{none}                   no       yes       yes
  /imports                              no       yes       yes
  /imports/new                          no       no        yes
  /imports/new/check                    yes      yes       yes
  /imports/{none}                       no       yes       yes
  /imports/{none}/errors.csv            no       yes       yes
  /imports/{none}/pause                 yes      yes       yes
  /operations                           no       yes       yes
  /reconciliations/{none}               no       yes       yes
  /reconciliations/{none}/differences.csv no     yes       yes
  /audit                                no       yes       yes
  /audit.csv                            no       yes       yes
`;

/** Which role may send which form, whatever it was shown. */
const forms = `
                                        support  operator  admin
  /orders/{order}/actions/resolve       no       yes       yes
  /orders/{order}/actions/review        yes      no        yes
  /orders/{order}/actions/dispute       no       yes       yes
  /orders/{order}/actions/status        yes      yes       yes
  /orders/{order}/actions/ship          yes      yes       yes
  /orders/{order}/actions/tracking      yes      yes       yes
  /orders/{order}/actions/amend         yes      yes       yes
  /orders/{order}/actions/return        yes      yes       yes
  /orders/{order}/actions/refund        yes      no        yes
  /orders/{order}/actions/payment       no       no        yes
  /orders/{order}/actions/message       yes      no        yes
  /orders/{order}/actions/cancel        yes      yes       yes
  /orders/{order}/actions/note          yes      yes       yes
  /queues/needs_attention/decide        no       yes       yes
  /queues/message_failed/decide         yes      yes       yes
  /queues/dead_letter/decide            no       yes       yes
  /queues/unapplied_event/decide        no       yes       yes
  /imports/new/check                    no       no        yes
  /imports/new                          no       no        yes
  /imports/{none}/pause                 no       yes       yes
  /imports/{none}/resume                no       yes       yes
  /imports/{none}/cancel                no       yes       yes
  /imports/{none}/acknowledge           no       yes       yes
`;

let rig: ApiRig;
let app: ReturnType<typeof openConsole>;
beforeAll(async () => {
  rig = await startApiRig({ settings: { CONSOLE_URL: 'http://localhost', CONSOLE_TOKEN_SIGN_IN: 'true' } });
  const { config, database, logger } = rig.parts;
  const access = createAccess({ config, database });
  app = openConsole({ config: config.console!, db: database.db, logger, access, api: rig.api, namespace: 'default' });
});
afterAll(() => rig.stop());

describe.each(staff)('to a person of the role %s', (role) => {
  test.each(rowsOf(pages, role))('the page %s is shown: %s', async (path, expected) => {
    const cookie = await signIn(role);
    const answer = await app.request(`/console${fill(path, await placeOrder())}`, { headers: { cookie } });
    await answer.body?.cancel();
    expect(answer.status).toBeLessThan(500);
    expect(answer.status === 403 ? 'no' : 'yes').toBe(expected);
  });

  test.each(rowsOf(forms, role))('the form %s is let through: %s', async (path, expected) => {
    const order = await placeOrder();
    const cookie = await signIn(role);
    const answer = await send(fill(path, order), fieldsOf(path, order), cookie);
    const told = toldIn(answer);
    // A form that was not filled in would be refused to everybody.
    expect(told).not.toMatch(/^-[a-z]*\|(Fill in|Choose|Tick|Say how|That is)/);
    const isRefused = answer.status === 403 || told.includes('This takes one of the roles');
    expect([path, isRefused ? 'no' : 'yes', told]).toEqual([path, expected, told]);
    expect(path.includes('/actions/') ? answer.status : 303).toBe(303);
  });

  test('what it may do to an order is what it is shown', () => {
    const may = rowsOf(forms, role).filter(([path, expected]) => path.includes('/actions/') && expected === 'yes');
    const shown = orderActions.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
    expect(may.map(([path]) => path.split('/').at(-1))).toEqual(shown);
  });
});

describe('without a session', () => {
  test.each(rowsOf(pages, 'admin'))('the page %s is not shown', async (path) => {
    for (const cookie of ['', `console=${'A'.repeat(43)}`]) {
      const answer = await app.request(`/console${fill(path, await placeOrder())}`, { headers: { cookie } });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, expect.stringContaining('/sign-in?to=')]);
    }
  });

  test.each(rowsOf(forms, 'admin'))('the form %s is not let through', async (path) => {
    const order = await placeOrder();
    expect((await send(fill(path, order), fieldsOf(path, order), '')).status).toBe(401);
  });

  test('the console is not opened by the token of a customer', async () => {
    const path = `/console/sign-in/token?token=${await token('alice', ['customer'])}`;
    const answer = await app.request(path);
    expect([answer.status, answer.headers.getSetCookie().filter((one) => /^console=[^;]/.test(one))]).toEqual([
      403,
      [],
    ]);
  });
});

test('every page and form stands in these tables', () => {
  const open = ['/console/sign-in*', '/console/sign-out', '/console/signed-out', '/console/static/*'];
  const known = [
    ...rowsOf(pages, 'admin').map(([path]) => `GET ${path}`),
    ...rowsOf(forms, 'admin').map(([path]) => `POST ${path}`),
  ];
  const missing = app.routes
    .filter(({ method }) => method !== 'ALL')
    .filter(({ path }) => !open.some((one) => path.startsWith(one.replace(/\*$/, ''))))
    // Imports with errors are a list of imports.
    .filter(({ method, path }) => !known.some((one) => patternOf(method, path).test(one)))
    .map(({ method, path }) => `${method} ${path}`);
  expect(missing).toEqual([]);
});

/** Paths of a table with what stands in the column of a role. */
function rowsOf(table: string, role: (typeof staff)[number]): (readonly [path: string, expected: string])[] {
  const [head = '', ...lines] = table.trim().split('\n');
  const column = head.trim().split(/\s+/).indexOf(role);
  return lines.map((line) => {
    const [path = '', ...cells] = line.trim().split(/\s+/);
    return [path, cells[column] ?? ''];
  });
}

function patternOf(method: string, path: string): RegExp {
  const own = path.replace('/console', '') || '/';
  return new RegExp(`^${method} ${own.replaceAll(/:\w+/g, '[^/]+')}(\\?.*)?$`);
}

interface PlacedOrder {
  readonly id: string;
  readonly item: string;
  readonly shipment: string;
  readonly version: string;
}

/** An order to which everything can be done that is ever offered. */
async function placeOrder(): Promise<PlacedOrder> {
  const { body } = await rig.place();
  const { pool } = rig.database;
  const id: string = body.id;
  const shipment = uuidv7();
  await pool.query(
    `insert into order_saga_steps (order_id, step, state, attempts, last_error, actor)
     values ($1, 'chargePayment', 'FAILED', 9, 'it is down', 'system:saga')`,
    [id],
  );
  await pool.query(
    `insert into order_shipments (id, order_id, shipment_key, items, actor) values ($2, $1, 'a', '[]', 'support:ann')`,
    [id, shipment],
  );
  await pool.query(
    `insert into order_payment_transactions (idempotency_key, order_id, kind, status, payment_id, amount_minor, currency, payment_method)
     values ($2, $1, 'CHARGE', 'CAPTURED', 'pay_1', 2500, 'EUR', 'tok_ok')`,
    [id, `${id}:charge`],
  );
  await pool.query(
    `insert into order_disputes (order_id, dispute_id, state, amount_minor, currency) values ($1, 'dp_1', 'OPEN', 2500, 'EUR')`,
    [id],
  );
  await pool.query(
    `insert into order_reviews (key, order_id, occasion, customer_id, payment_method_hashes, shipping_address_hash, verdict, reasons)
     values ($2, $1, 'placed', 'alice', '{}', 'x', 'review', '["far away"]')`,
    [id, `${id}:review`],
  );
  const { rows } = await pool.query<{ version: number }>('select version from orders where id = $1', [id]);
  return { id, item: body.items[0].id, shipment, version: String(rows[0]?.version) };
}

function fill(path: string, { id }: PlacedOrder): string {
  return path.replace('{order}', id).replace('{none}', uuidv7());
}

/** What the form would hold once it was filled in and confirmed. */
function fieldsOf(path: string, order: PlacedOrder): Record<string, string> {
  const own: Readonly<Record<string, Record<string, string>>> = {
    resolve: { step: 'chargePayment', action: 'retry' },
    review: { decision: 'approve' },
    dispute: { dispute: 'dp_1', outcome: 'won' },
    status: { status: 'PROCESSING' },
    ship: { [`quantity.${order.item}`]: '1' },
    tracking: { shipment: order.shipment, carrier: 'DHL', number: 'T-1' },
    amend: { item: order.item, quantity: '1' },
    return: { [`quantity.${order.item}`]: '1' },
    refund: { amount: '1.00' },
    payment: { method: 'tok_ok' },
    message: { type: 'ORDER_CONFIRMED' },
    note: { text: 'a note' },
    decide: { action: 'retry', which: 'all', [`chosen:${uuidv7()}/webhook`]: 'yes' },
  };
  const name = path.split('/').at(-1) ?? '';
  return { reason: 'asked for', confirmed: 'yes', version: order.version, key: uuidv7(), ...own[name] };
}

async function send(path: string, fields: Record<string, string>, cookie: string): Promise<Response> {
  return await app.request(`/console${path}`, {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

/** What the next page would say. */
function toldIn(answer: Response): string {
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('console-told='));
  return decodeURIComponent(cookie?.slice('console-told='.length).split(';')[0] ?? '');
}

const cookies = new Map<string, Promise<string>>();

async function signIn(role: (typeof staff)[number]): Promise<string> {
  const signedIn = cookies.get(role) ?? openSession(role);
  cookies.set(role, signedIn);
  return await signedIn;
}

async function openSession(role: (typeof staff)[number]): Promise<string> {
  const answer = await app.request(`/console/sign-in/token?token=${await token(`some-${role}`, [role])}`);
  return (
    answer.headers
      .getSetCookie()
      .find((one) => /^console=[^;]/.test(one))
      ?.split(';')[0] ?? ''
  );
}
