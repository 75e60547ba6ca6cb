import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { requiredSettings } from '../setup/settings.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-settings-'));
  file = join(folder, 'some.pem');
  writeFileSync(file, 'a certificate');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (settings: NodeJS.ProcessEnv) => readConfig({ ...requiredSettings, ...settings }).kafka;

test('without brokers there is no Kafka, whatever else is set', () => {
  expect(read({})).toBeUndefined();
  expect(read({ KAFKA_TLS: 'true', KAFKA_SASL_PASSWORD: 'changeme' })).toBeUndefined();
});

test('with brokers alone everything else has its default', () => {
  expect(read({ KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092,[::1]:9093' })).toEqual({
    brokers: ['kafka-1:9092', 'kafka-2:9092', '[::1]:9093'],
    clientId: 'order-saga',
    tls: undefined,
    login: undefined,
    topics: { orders: 'orders.events', payments: 'payments.events' },
    newTopics: { partitions: 12, replication: undefined, retentionMs: undefined },
    consumer: {
      group: 'order-saga',
      topics: { payments: 'payments.updates', inventory: 'inventory.updates', shipping: 'shipping.updates' },
    },
  });
});

test('everything can be said', () => {
  const settings = {
    KAFKA_BROKERS: 'b:1',
    KAFKA_CLIENT_ID: 'shop',
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: file,
    KAFKA_TLS_CERT_FILE: file,
    KAFKA_TLS_KEY_FILE: file,
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
    KAFKA_SASL_USERNAME: 'shop',
    KAFKA_SASL_PASSWORD: 'a password of its own',
    KAFKA_ORDERS_TOPIC: 'shop.orders',
    KAFKA_PAYMENTS_TOPIC: 'shop.payments',
    KAFKA_CREATE_TOPICS: 'false',
    KAFKA_CONSUMER_GROUP: 'shop-orders',
    KAFKA_PAYMENT_UPDATES_TOPIC: 'from-payments',
    KAFKA_INVENTORY_UPDATES_TOPIC: 'none',
  };
  expect(read(settings)).toEqual({
    brokers: ['b:1'],
    clientId: 'shop',
    tls: { caFile: file, certFile: file, keyFile: file },
    login: { mechanism: 'SCRAM-SHA-256', username: 'shop', password: 'a password of its own' },
    topics: { orders: 'shop.orders', payments: 'shop.payments' },
    newTopics: undefined,
    consumer: {
      group: 'shop-orders',
      topics: { payments: 'from-payments', inventory: undefined, shipping: 'shipping.updates' },
    },
  });
});

test.each<[NodeJS.ProcessEnv, RegExp]>([
  [{ KAFKA_BROKERS: 'kafka' }, /KAFKA_BROKERS: must be host:port/],
  [{ KAFKA_BROKERS: 'http://kafka:9092' }, /KAFKA_BROKERS: must be host:port/],
  [{ KAFKA_BROKERS: 'kafka:99999' }, /KAFKA_BROKERS: must be host:port/],
  [{ KAFKA_TLS_CA_FILE: '/none/such.pem', KAFKA_TLS: 'true' }, /KAFKA_TLS_CA_FILE: can't be read: ENOENT/],
  [{ KAFKA_TLS_CA_FILE: import.meta.filename }, /KAFKA_TLS: must be true/],
  [{ KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: import.meta.filename }, /KAFKA_TLS_KEY_FILE: is needed/],
  [{ KAFKA_SASL_USERNAME: 'shop' }, /KAFKA_SASL_MECHANISM: is needed/],
  [{ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'shop' }, /KAFKA_SASL_PASSWORD: is needed/],
  [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, /KAFKA_SASL_MECHANISM: /],
  [{ KAFKA_ORDERS_TOPIC: 'orders events' }, /KAFKA_ORDERS_TOPIC: must be the name of a topic/],
  [{ KAFKA_SHIPPING_UPDATES_TOPIC: 'a,b' }, /KAFKA_SHIPPING_UPDATES_TOPIC: must be the name of a topic/],
])('%j is refused with a message that says what to do', (settings, message) => {
  expect(() => read({ KAFKA_BROKERS: 'kafka:9092', ...settings })).toThrow(message);
});
