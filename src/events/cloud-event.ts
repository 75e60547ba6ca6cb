import { EVENT_SOURCE, type OrderEvent } from '../domain/order-event.ts';

/** The attributes of an event by CloudEvents 1.0, with the extension of distributed tracing. */
export interface CloudEventAttributes {
  readonly specversion: '1.0';
  /** The same at every delivery. */
  readonly id: string;
  readonly source: typeof EVENT_SOURCE;
  readonly type: string;
  /** The id of the order, or of what else it is about. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly traceparent?: string;
}

/** An event in CloudEvents' structured mode. */
export interface CloudEvent extends CloudEventAttributes {
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event as one JSON document. */
export function toCloudEvent(event: OrderEvent): CloudEvent {
  return { ...cloudEventAttributes(event), data: event.payload };
}

/** What CloudEvents' binary mode puts into headers, each under the prefix of its transport. */
export function cloudEventAttributes({
  id,
  subjectId,
  type,
  createdAt,
  traceparent,
}: OrderEvent): CloudEventAttributes {
  return {
    specversion: '1.0',
    id: String(id),
    source: EVENT_SOURCE,
    type,
    subject: subjectId,
    time: createdAt.toISOString(),
    datacontenttype: 'application/json',
    // https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md
    ...(traceparent && { traceparent }),
  };
}
