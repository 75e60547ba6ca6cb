import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrderNotification } from '../../src/domain/order-notification.ts';
import { createMessageRenderer, type RenderSettings } from '../../src/mail/render-message.ts';
import { sampleNotifications } from '../../src/mail/sample-notifications.ts';

const settings: RenderSettings = {
  shopName: 'The Shop',
  timeZone: 'Europe/Berlin',
  defaultLocale: 'en',
  templateFolder: undefined,
};

const render = createMessageRenderer(settings);

function sampleOf(type: OrderNotification['type'], locale = 'en'): OrderNotification {
  const found = sampleNotifications(locale).find((sample) => sample.type === type);
  if (!found) throw new Error(`no sample of ${type}`);
  return found;
}

test.each(['en', 'de', 'fr', 'ja'])('every message reads in %s as it was approved', (locale) => {
  const texts = sampleNotifications(locale).map((sample) => {
    const { subject, text } = render(sample);
    return `# ${sample.type}: ${subject}\n\n${text}`;
  });
  expect(texts.join('\n\n').replaceAll(/[\u00a0\u202f]/g, ' ')).toMatchSnapshot();
});

test('the HTML of a message loads nothing from elsewhere and leaves colours to the reader', () => {
  const { html } = render(sampleOf('ORDER_CONFIRMED'));
  expect(html).toMatchSnapshot();
  expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import/);
});

test.each([
  ['HUF', '1234.50', 'de', '1.234,50 HUF'],
  ['IDR', '1000.00', 'en', 'IDR 1,000.00'],
  ['MGA', '10.20', 'fr', '10,20 MGA'],
  ['JPY', '1200', 'ja', '￥1,200'],
  ['KWD', '1.234', 'en', 'KWD 1.234'],
  ['EUR', '90071992547409931.25', 'en', '€90,071,992,547,409,931.25'],
])('an amount in %s has the decimals of ISO 4217, and all of its digits', (currency, amount, locale, written) => {
  const sample = { ...sampleOf('ORDER_REFUNDED', locale), currency, content: { amount, cause: 'OTHER', reason: null } };
  const { text } = render(sample as OrderNotification);
  expect(text.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(written);
});

test.each([
  ['de-AT', 'de-AT', /Ihre Bestellung/],
  ['de-CH', 'de-CH', /Ihre Bestellung/],
  ['fr-CA', 'fr-CA', /Votre commande/],
  ['es', 'en', /Your order/],
  ['xx-not-a-locale-at-all', 'en', /Your order/],
  [null, 'en', /Your order/],
])('an order in %s is told of in %s', (locale, expected, subject) => {
  const message = render({ ...sampleOf('ORDER_CONFIRMED'), locale });
  expect(message.locale).toBe(expected);
  expect(message.subject).toMatch(subject);
});

describe('what customers have written', () => {
  const evil =
    '<script>alert(1)</script>"\'&\r\nBcc: everybody@example.com\r\n\r\n\u2028<img src=x onerror=y>{{shop_name}}';

  test.each(sampleNotifications('en'))('is escaped in the HTML of $type, and one line everywhere', (sample) => {
    const message = render(poison(sample, evil));
    expect(message.subject).not.toMatch(/[\r\n\u2028]/);
    expect(message.html).not.toMatch(/<script>|<img/);
    expect(message.text).not.toMatch(/^Bcc:/m);
    expect(message.html).not.toMatch(/^Bcc:/m);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'not an address', 'JaVaScRiPt:x'])(
    'is no link when it is %s',
    (url) => {
      const sample = sampleOf('PAYMENT_ACTION_REQUIRED');
      const message = render({
        ...sample,
        orderUrl: url,
        content: { ...sample.content, action_url: url },
      } as OrderNotification);
      expect(message.html).not.toContain('href=');
    },
  );
});

/** The message with this text wherever a text of somebody else may stand. */
function poison(sample: OrderNotification, text: string): OrderNotification {
  const free = new Set([
    'sku',
    'name',
    'reason',
    'carrier',
    'tracking',
    'line1',
    'city',
    'shipping_method',
    'decline_code',
    'orderNumber',
  ]);
  const json = JSON.stringify(sample, (key, value: unknown) =>
    free.has(key) && typeof value === 'string' ? text : value,
  );
  return JSON.parse(json) as OrderNotification;
}

describe('a folder of templates', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'templates-'));
  });
  beforeEach(async () => {
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'templates-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = (name: string, content: string) => writeFile(join(folder, name), content);
  const load = () => createMessageRenderer({ ...settings, templateFolder: folder });

  test('replaces what it has, and leaves the rest', async () => {
    await write('de.json', JSON.stringify({ messages: { ORDER_SHIPPED: { subject: '{{order_number}} ist weg' } } }));
    await write('layout.txt.hbs', 'OURS {{#each paragraphs}}{{this}} {{/each}}');
    await write('ORDER_DELIVERED.html.hbs', '<p>{{order_number}} arrived</p>');
    const custom = load();
    const shipped = custom(sampleOf('ORDER_SHIPPED', 'de'));
    expect(shipped.subject).toBe('ORD-00000042 ist weg');
    expect(shipped.text).toContain('OURS das Paket');
    expect(shipped.html).toContain('<!doctype html>');
    expect(custom(sampleOf('ORDER_DELIVERED')).html).toBe('<p>ORD-00000042 arrived</p>');
    expect(custom(sampleOf('ORDER_SHIPPED')).subject).toBe(render(sampleOf('ORDER_SHIPPED')).subject);
  });

  test('adds a region to a language', async () => {
    await write('de-CH.json', JSON.stringify({ greeting: 'Grüezi,' }));
    await write('.hidden', '');
    await write('README.md', '');
    const custom = load();
    expect(custom(sampleOf('ORDER_SHIPPED', 'de-CH')).text).toContain('Grüezi,');
    expect(custom(sampleOf('ORDER_SHIPPED', 'de')).text).toContain('Guten Tag');
  });

  test.each([
    ['en.json', '{"greeting": "Hello {{custmer_name}}"}', /en\.json: greeting: .*custmer_name/],
    ['en.json', '{"greeting": "Hello {{#if customer_name}}"}', /en\.json: greeting: Parse error/],
    ['en.json', '{"greting": "Hello"}', /en\.json: .*greting/],
    ['en.json', '{"messages": {"ORDER_LOST": {"subject": "x"}}}', /en\.json: .*ORDER_LOST/],
    ['en.json', 'not JSON', /en\.json: is not JSON/],
    ['es.json', '{"greeting": "Hola"}', /es\.json: closing, labels\.subtotal.*are missing/],
    ['layout.html.hbs', '<p>{{{greeting}}}</p>', /layout\.html\.hbs: .*values come from customers/],
    ['layout.html.hbs', '<p>{{uppercase greeting}}</p>', /layout\.html\.hbs: .*uppercase/],
    ['ORDER_SHIPPED.txt.hbs', '{{#each lines}}{{nam}}{{/each}}', /ORDER_SHIPPED\.txt\.hbs: .*nam/],
    ['order-shipped.html.hbs', '', /order-shipped\.html\.hbs: is no template/],
  ])('with a broken %s (%s) is an error at start that names the file', async (name, content, message) => {
    await write(name, content);
    expect(load).toThrow(message);
  });

  test('that does not exist is an error at start', () => {
    expect(() => createMessageRenderer({ ...settings, templateFolder: '/nowhere' })).toThrow(
      /MESSAGE_TEMPLATES: "\/nowhere" can't be read/,
    );
  });
});
