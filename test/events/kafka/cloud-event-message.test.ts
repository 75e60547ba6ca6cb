import { expect, test } from 'vitest';
import { readCloudEvent } from '../../../src/events/kafka/cloud-event-message.ts';

function read(value: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const entries = Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const);
  const message = {
    topic: 'payments.updates',
    partition: 3,
    offset: 17n,
    value: value === undefined ? undefined : Buffer.from(value),
    headers: new Map(entries),
  };
  return readCloudEvent(message, 'payments');
}

const attributes = { specversion: '1.0', id: 'e-1', source: '/payments', type: 'payment.processed' };
const binary = { ce_specversion: '1.0', ce_id: 'e-1', ce_source: '/payments', ce_type: 'payment.processed' };

test('a message in binary mode is read as the event that it is, with its extensions', () => {
  const headers = { ...binary, 'content-type': 'application/json', ce_traceparent: '00-a-b-01', traceparent: 'x' };
  const data = { order_id: 'o-1', amount: '12.50' };
  expect(read(JSON.stringify(data), headers)).toEqual({
    channel: 'payments',
    event: { ...attributes, datacontenttype: 'application/json', traceparent: '00-a-b-01', data },
    fault: undefined,
    place: 'payments.updates/3/17',
    body: JSON.stringify(data),
  });
});

test('a message in structured mode is read as the event that it is, with or without its content type', () => {
  const event = { ...attributes, data: { order_id: 'o-1' } };
  const typed = read(JSON.stringify(event), { 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect(typed).toMatchObject({ event, fault: undefined });
  expect(read(JSON.stringify(event))).toMatchObject({ event, fault: undefined });
});

test.each([
  ['no value', undefined, binary],
  ['no JSON', '{"order_id":', binary],
  ['neither headers nor an event', '{"order_id":"o-1"}', {}],
  ['JSON that is no object', '[1]', {}],
  ['a NUL that no database keeps', '{"text":"\\u0000"}', binary],
  ['half of a character', '{"text":"\\ud83d"}', binary],
])('a message with %s is none, says why and keeps what came', (_, value, headers) => {
  const message = read(value, headers);
  expect(message).toMatchObject({
    event: undefined,
    fault: expect.stringMatching(/^\S.*\.$/),
    place: 'payments.updates/3/17',
  });
  expect(message.body).toBe(value ?? '');
});

test('of a message that is no event only the beginning is kept, without characters that no database keeps', () => {
  const { body } = read(`\0${'x'.repeat(1_000_000)}`);
  expect(body.length).toBeLessThan(20_000);
  expect(body).not.toContain('\0');
});

test('a text that only looks like a NUL is read', () => {
  expect(read('{"text":"\\\\u0000"}', binary)).toMatchObject({ event: { data: { text: '\\u0000' } } });
});
