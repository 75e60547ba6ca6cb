import { expect, test } from 'vitest';
import { faultOfUrl } from '../../../src/events/webhooks/check-url.ts';

const addresses: Record<string, readonly string[]> = {
  'shop.example.com': ['8.8.8.8'],
  'mixed.example.com': ['10.0.0.1', '8.8.8.8'],
  'inside.example.com': ['10.0.0.1'],
  'empty.example.com': [],
};

const rules = {
  allowPrivate: false,
  requireHttps: false,
  resolve: (hostname: string) => {
    const found = addresses[hostname];
    if (found) return Promise.resolve(found);
    return /^[\d.[\]:a-f]+$/.test(hostname)
      ? Promise.resolve([hostname.replace(/^\[(.*)\]$/, '$1')])
      : Promise.reject(new Error('ENOTFOUND'));
  },
};

test.each([
  ['ftp://shop.example.com/', 'http'],
  ['file:///etc/passwd', 'http'],
  ['shop.example.com', 'URL'],
  ['https://user@shop.example.com/', 'credentials'],
  ['https://:secret@shop.example.com/', 'credentials'],
  ['https://shop.example.com/#top', 'fragment'],
  [`https://shop.example.com/${'x'.repeat(2_048)}`, '2048'],
  ['https://inside.example.com/', '10.0.0.1'],
  ['https://empty.example.com/', 'no address'],
  ['https://unknown.example.com/', "can't be resolved"],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://2130706433/', '127.0.0.1'],
  ['http://[::ffff:10.0.0.1]/', '::ffff:a00:1'],
  ['http://[fe80::1]/', 'fe80::1'],
])('%s is refused', async (url, said) => {
  expect(await faultOfUrl(url, rules)).toContain(said);
});

test.each(['https://shop.example.com:8443/events?tenant=1', 'http://shop.example.com/', 'https://mixed.example.com/'])(
  '%s is taken',
  async (url) => {
    expect(await faultOfUrl(url, rules)).toBeUndefined();
  },
);

test('only https is taken where the settings ask for it', async () => {
  const strict = { ...rules, requireHttps: true };
  expect(await faultOfUrl('http://shop.example.com/', strict)).toContain('WEBHOOK_REQUIRE_HTTPS');
  expect(await faultOfUrl('https://shop.example.com/', strict)).toBeUndefined();
});
