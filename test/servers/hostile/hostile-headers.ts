import { head, whole, type HostileRequest, type Tokens } from './hostile-request.ts';

/** As long as a header may be, with room for the others. */
const LONG = 14_000;

/** A request as its text. */
const bare = (name: string, text: string, expects: readonly number[], times = 1) => ({
  name,
  expects,
  times,
  pieces: () => [text],
});

/** Headers, addresses and the like that are made to be slow. */
export function hostileHeaders({ customer, service, staff }: Tokens): HostileRequest[] {
  const id = '019a0000-0000-7000-8000-000000000000';
  const get = (
    name: string,
    path: string,
    expects: readonly number[],
    headers: Record<string, string> = {},
    token = customer,
  ) => ({ name, expects, pieces: () => [head(`GET ${path}`, { token, headers })] });
  const post = (name: string, headers: Record<string, string>, expects = [400]) => ({
    name,
    expects,
    pieces: whole('POST /api/v1/orders', customer, '{}', headers),
  });
  return [
    bare('a token of 60 kB', head('GET /api/v1/orders', { token: 'a'.repeat(60_000) }), [431]),
    bare('a token of parts', head('GET /api/v1/orders', { token: 'a.'.repeat(LONG / 2) }), [401]),
    bare(
      'a token of three long parts',
      head('GET /api/v1/orders', { token: ['a', 'b', 'c'].map((part) => part.repeat(4_500)).join('.') }),
      [401],
    ),
    bare(
      'a token behind blanks',
      `GET /api/v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${' '.repeat(LONG)}x\r\n\r\n`,
      [401],
    ),
    bare('headers without end', `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(20_000)}`, [431]),
    bare('many headers', `GET /healthz HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(3_000)}\r\n`, [200, 431]),
    bare('what is no HTTP', 'x'.repeat(100_000), [400, 431]),
    bare('a length that is none', 'POST /api/v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1e3\r\n\r\n', [400]),
    bare(
      'two lengths',
      'POST /api/v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n',
      [400],
    ),
    bare('a host that is none', 'GET /healthz HTTP/1.1\r\nhost: a b\\c\r\n\r\n', [400]),
    bare('an address that is none', 'GET /\\..\\..// HTTP/1.1\r\nhost: x\r\n\r\n', [400, 404]),
    bare('three hundred requests in one', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(300), [200]),
    bare('whether it is there, by a crowd', head('GET /readyz'), [200], 200),
    get('a long query', `/api/v1/orders?q=${'3%20'.repeat(2_500)}`, [400]),
    get('many parameters', `/api/v1/orders?${'a&'.repeat(4_000)}`, [400]),
    get('one parameter, again and again', `/api/v1/orders?${'q=1&'.repeat(2_500)}`, [400]),
    get(
      'a query where there is none',
      `/api/v1/orders/${id}?${Array.from({ length: 2_000 }, (_, n) => `k${n}`).join('&')}`,
      [400],
    ),
    get('a long cursor', `/api/v1/orders?cursor=${'a'.repeat(10_000)}`, [400]),
    get('a cursor of lists', `/api/v1/orders?cursor=${Buffer.from('['.repeat(370)).toString('base64url')}`, [400]),
    get('a long time', `/api/v1/orders?from=2026-01-01T00:00:00.${'0'.repeat(10_000)}`, [400]),
    get('a long id', `/api/v1/orders/${'3-'.repeat(5_000)}`, [404]),
    get('percent signs', `/api/v1/orders/${'%'.repeat(10_000)}`, [404]),
    get('slashes', '/'.repeat(10_000), [404]),
    get('dots', `/api/v1/orders/${'../'.repeat(3_000)}`, [400, 404, 200]),
    get('a long event id', `/api/v1/orders/${id}/events`, [400], { 'last-event-id': '9'.repeat(LONG) }),
    get('many entity tags', `/api/v1/orders/${id}`, [404], { 'if-none-match': '"1",'.repeat(LONG / 4) }),
    get('a long request id', '/api/v1/orders', [200], { 'x-request-id': 'a'.repeat(LONG) }),
    get('many types', '/api/v1/orders/export', [200], { accept: 'a/b,'.repeat(LONG / 4) }, staff),
    get(
      'an address of an address',
      `/api/v1/orders`,
      [200],
      { 'x-forwarded-for': '1.2.3.4,'.repeat(LONG / 8) },
      service,
    ),
    post('a long key', { 'idempotency-key': 'a'.repeat(LONG) }),
    post('many preferences', { prefer: 'wait=1;'.repeat(LONG / 14) + ',wait  ='.repeat(LONG / 16) }),
    post('a type of many parameters', { 'content-type': `application/json${';charset'.repeat(LONG / 8)}` }, [415]),
    post('a type of blanks', { 'content-type': `application/json;${' '.repeat(LONG)}x` }, [400, 415]),
    post('many encodings', { 'content-encoding': 'gzip,'.repeat(LONG / 5) }, [415]),
    {
      name: 'many entity tags of a change',
      expects: [400],
      pieces: whole(`PATCH /api/v1/orders/${id}`, customer, '{"notes":"x"}', { 'if-match': '"1", '.repeat(LONG / 5) }),
    },
    {
      name: 'many signatures',
      expects: [401],
      pieces: whole('POST /api/v1/webhooks/payments', '', '{}', {
        'webhook-id': 'x',
        'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'webhook-signature': 'v1,x '.repeat(LONG / 5),
      }),
    },
  ];
}
