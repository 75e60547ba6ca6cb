import { expect, test } from 'vitest';
import { eventTypes, type EventType } from '../../src/domain/order-event.ts';
import { cloudEventExample } from '../../src/events/catalogue/cloud-event-schema.ts';
import { eventSchemas } from '../../src/events/catalogue/catalogue.ts';
import { inboundExamples } from '../../src/events/catalogue/inbound-examples.ts';
import { inboundTypes } from '../../src/events/catalogue/inbound-events.ts';
import { readInboundEvent } from '../../src/events/catalogue/read-inbound-event.ts';
import { cloudEventAttributes, toCloudEvent } from '../../src/events/cloud-event.ts';

test.each(eventTypes)(
  'the example of %s is one, and tells nothing that its schema does not name',
  (type: EventType) => {
    const { data, subject } = cloudEventExample(type);
    expect(eventSchemas[type].strict().parse(data)).toEqual(data);
    expect(subject).toMatch(/^[0-9a-f-]{36}$/);
    expect(eventSchemas[type].description).toMatch(/\.$/);
  },
);

test.each(Object.values(inboundTypes).flat())('the example of %s from another service can be read', (type) => {
  const read = readInboundEvent(type, inboundExamples[type]);
  expect('faults' in read ? read.faults : []).toEqual([]);
});

test('every type of event is in the catalogue', () => {
  expect(Object.keys(eventSchemas).toSorted()).toEqual([...eventTypes].toSorted());
});

test('an event is a CloudEvent, with the trace of its order where there is one', () => {
  const event = {
    id: 42,
    subjectId: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
    type: 'order.edited',
    payload: { order_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001' },
    createdAt: new Date('2026-11-21T09:30:00.000Z'),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const { data: _, ...attributes } = cloudEventExample('order.edited');
  expect(toCloudEvent(event)).toEqual({ ...attributes, traceparent: event.traceparent, data: event.payload });
  expect(cloudEventAttributes({ ...event, traceparent: null })).toEqual(attributes);
});
