import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { FormFields } from '../../src/console/actions/form-fields.ts';
import { openConsole } from '../../src/console/open-console.ts';
import { tell } from '../../src/console/require-session.ts';
import { startApiRig, token, type ApiRig } from '../http/api-rig.ts';

let rig: ApiRig;
let app: ReturnType<typeof openConsole>;
/** What becomes of an answer of the API on its way to the console. */
let onTheWay: (request: Request, answer: Response) => Response;
beforeAll(async () => {
  rig = await startApiRig({ settings: { CONSOLE_URL: 'http://localhost', CONSOLE_TOKEN_SIGN_IN: 'true' } });
  const { config, database, logger } = rig.parts;
  const api = {
    fetch: async (request: Request, bindings: object) => onTheWay(request, await rig.api.fetch(request, bindings)),
  };
  const access = createAccess({ config, database });
  app = openConsole({ config: config.console!, db: database.db, logger, access, api, namespace: 'default' });
  arriveAll();
});
afterEach(arriveAll);
afterAll(() => rig.stop());

function arriveAll(): void {
  onTheWay = (_, answer) => answer;
}

describe('an action whose answer is lost', () => {
  test('is asked for again under its key, and done once', async () => {
    const { body: order } = await rig.place();
    const cookie = await signIn('support');
    const path = `/orders/${order.id}/actions/note`;
    const preview = await (await send(path, { text: 'called back' }, cookie)).text();
    onTheWay = (request, answer) => (request.url.endsWith('/notes') ? unavailable() : answer);
    const lost = await send(path, hiddenIn(preview), cookie);
    expect(lost.status).toBe(503);
    const again = await lost.text();
    expect(again).toContain('what was done is not done');
    expect(hiddenIn(again)['key']).toBe(hiddenIn(preview)['key']);
    arriveAll();
    expect((await send(path, hiddenIn(again), cookie)).status).toBe(303);
    const { rows } = await rig.database.pool.query('select text from order_notes where order_id = $1', [order.id]);
    expect(rows).toEqual([{ text: 'called back' }]);
  });

  test('leads back to the page with its form while nothing can be read', async () => {
    const { body: order } = await rig.place();
    const cookie = await signIn('support');
    onTheWay = unavailable;
    const page = `/console/orders/${order.id}`;
    const answer = await send(`/orders/${order.id}/actions/note`, { text: 'x' }, cookie, {
      referer: `http://localhost${page}`,
    });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain(`href="${page}">Try again`);
  });
});

test('a list that can’t be read as it was asked for says which part of the address is wrong', async () => {
  const answer = await app.request('/console/orders?status=NONE', { headers: { cookie: await signIn('support') } });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('“status” must be');
});

describe('a form', () => {
  test('that is none, or holds more than any, is refused', async () => {
    const { body: order } = await rig.place();
    const cookie = await signIn('support');
    const path = `/orders/${order.id}/actions/note`;
    const broken = await send(path, {}, cookie, { 'content-type': 'multipart/form-data; boundary=x' });
    expect(broken.status).toBe(400);
    const large = await send(path, { text: 'x'.repeat(300_000) }, cookie);
    expect(large.status).toBe(400);
    expect(await large.text()).toContain('more than a form of the console holds');
  });

  test('takes a reason that was written in several lines', () => {
    expect(new FormFields([['reason', ' first line\r\nsecond\tline ']]).reason()).toBe('first line second line');
  });
});

test.each(['ß'.repeat(900), '👩‍🚀'.repeat(900), 'half of a pair \ud83d'])(
  'what an action came to reaches the next page, however it is written',
  async (text) => {
    const one = new Hono().get('/', (c) => {
      tell(c, { text, isRefused: false });
      return c.text('');
    });
    const cookie = (await one.request('/')).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie.length).toBeLessThan(4_096);
    expect(decodeURIComponent(cookie)).toContain(text.slice(0, 12));
  },
);

describe('on record', () => {
  test('is who follows the events of an order whose page they have not read', async () => {
    const { body: order } = await rig.place();
    const readsOf = async (who: string) => {
      const { rows } = await rig.database.pool.query<{ operation: string }>(
        'select operation from audit_log where subject = $1 and order_id = $2',
        [who, order.id],
      );
      return rows.map(({ operation }) => operation);
    };
    const follow = async (cookie: string) => {
      const headers = { cookie, accept: 'text/event-stream' };
      await (await app.request(`/console/orders/${order.id}/events`, { headers })).body?.cancel();
    };
    await follow(await signIn('support', 'peeper'));
    expect(await readsOf('peeper')).toEqual(['streamOrderEvents']);
    const reader = await signIn('support', 'reader');
    await (await app.request(`/console/orders/${order.id}`, { headers: { cookie: reader } })).text();
    await follow(reader);
    expect(await readsOf('reader')).toEqual(['getOrderDetails']);
  });

  test('is who reads imports as a page that refreshes itself, and has none open', async () => {
    const cookie = await signIn('operator', 'refresher');
    const read = async () => {
      await (await app.request('/console/imports', { headers: { cookie, 'x-part': 'page' } })).text();
    };
    await read();
    await read();
    const { rows } = await rig.database.pool.query(`select operation from audit_log where subject = 'refresher'`);
    expect(rows).toEqual([{ operation: 'listImports' }]);
  });
});

function unavailable(): Response {
  const problem = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'UNAVAILABLE', details: [] };
  const detail = 'The workflow of the order is unavailable right now.';
  return Response.json(
    { ...problem, detail },
    { status: 503, headers: { 'content-type': 'application/problem+json' } },
  );
}

/** What the form of a preview sends besides what is seen. */
function hiddenIn(page: string): Record<string, string> {
  const fields = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}

async function send(
  path: string,
  fields: Record<string, string>,
  cookie: string,
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams(fields).toString();
  const own = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  const length = { 'content-length': String(body.length) };
  return await app.request(`/console${path}`, { method: 'POST', body, headers: { ...own, ...length, ...headers } });
}

async function signIn(role: 'support' | 'operator', who = `${role}-${uuidv7()}`): Promise<string> {
  const answer = await app.request(`/console/sign-in/token?token=${await token(who, [role])}`);
  const cookie = answer.headers.getSetCookie().find((one) => /^console=[^;]/.test(one));
  return cookie?.split(';')[0] ?? '';
}
