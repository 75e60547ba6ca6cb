import { eventTypes, orderEventTypes, paymentEventTypes } from '../../domain/order-event.ts';
import { documentSchemas } from './document-schemas.ts';
import { inboundChannels, inboundTypes, type InboundChannel } from './inbound-events.ts';
import { receivedName, schemaName, type JsonSchema } from './json-schemas.ts';
import type { Message } from './message-parts.ts';
import { publishedMessages, streamMarks } from './published-messages.ts';
import { receivedMessages } from './received-messages.ts';

/** What this installation calls its topics. */
export interface TopicNames {
  readonly published: { readonly orders: string; readonly payments: string };
  /** Those that it consumes. */
  readonly updates: Readonly<Record<InboundChannel, string | undefined>>;
}

/** The AsyncAPI 3.0 document of everything that is published and consumed, made from the schemas of the messages. */
export function asyncApiDocument(topics: TopicNames): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info,
    defaultContentType: 'application/json',
    servers,
    channels: { ...publishedChannels(topics), ...consumedChannels(topics) },
    operations: { ...publishing, ...consuming(topics) },
    components: { messages: { ...publishedMessages(), ...receivedMessages() }, schemas: documentSchemas() },
  };
}

/** As much of the document as whoever shows it reads. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: typeof info;
  readonly defaultContentType: string;
  readonly servers: typeof servers;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

interface Channel {
  /** Null where each subscriber has its own. */
  readonly address: string | null;
  readonly description: string;
  readonly servers?: readonly Reference[];
  readonly parameters?: object;
  readonly messages: Readonly<Record<string, Reference>>;
}

/** Whether messages of a channel are sent by this product or received. */
export interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly description: string;
}

interface Reference {
  readonly $ref: string;
}

const info = {
  title: 'Order events',
  version: '1.0.0',
  description:
    'What happens to orders, as it is told to subscribers, and what other services may tell. Every message is a CloudEvent ' +
    '(https://cloudevents.io). Each event is sent at least once, with the same id at every delivery, and those of an order in their order.',
  tags: [
    { name: 'orders', description: 'What happens to orders.' },
    { name: 'payments', description: 'Charges and refunds.' },
  ],
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
};

const servers = {
  kafka: {
    host: '{broker}',
    protocol: 'kafka',
    description: 'The brokers of `KAFKA_BROKERS`.',
    variables: { broker: { default: 'localhost:9092', description: 'One of the brokers.' } },
  },
  api: {
    host: '{host}',
    protocol: 'https',
    description: 'The API.',
    variables: { host: { default: 'localhost:3000', description: 'Host and port of the API.' } },
  },
};

function publishedChannels({ published: { orders, payments } }: TopicNames) {
  const streamed = [...orderEventTypes, ...paymentEventTypes].map((type) => `${schemaName(type)}Streamed`);
  return {
    orderEvents: {
      address: orders,
      description: 'Every event of an order but its charges and refunds. The key is the id of the order.',
      servers: [serverRef('kafka')],
      messages: messageRefs(orderEventTypes.map(schemaName)),
    },
    paymentEvents: {
      address: payments,
      description: 'Every charge and refund. The key is the id of the order.',
      servers: [serverRef('kafka')],
      messages: messageRefs(paymentEventTypes.map(schemaName)),
    },
    webhookEndpoints: {
      address: null,
      description: 'The URL of each webhook endpoint: the types that it asks for, signed as Standard Webhooks.',
      messages: messageRefs(eventTypes.map((type) => `${schemaName(type)}Webhook`)),
    },
    orderStream: {
      address: '/api/v1/orders/{id}/events',
      description: 'Server-sent events of one order: `id`, `event` with the type, and `data`.',
      servers: [serverRef('api')],
      parameters: { id: { description: 'Id or number of the order.' } },
      messages: messageRefs([...Object.keys(streamMarks), ...streamed]),
    },
  };
}

const publishing = {
  publishOrderEvents: operation('send', 'orderEvents', 'Tells what happened to orders.'),
  publishPaymentEvents: operation('send', 'paymentEvents', 'Tells of charges and refunds.'),
  sendWebhooks: operation('send', 'webhookEndpoints', 'Posts events to the endpoints that ask for them.'),
  streamOrderEvents: operation('send', 'orderStream', 'Streams the events of one order to whoever may read it.'),
};

/** The name of an operation or channel, from the parts of its purpose. */
function channelName(channel: InboundChannel, way: 'Updates' | 'Webhooks'): string {
  return `${channel}${way}`;
}

function consumedChannels({ updates }: TopicNames): Record<string, Channel> {
  const entries = inboundChannels.flatMap((channel) => {
    const names = inboundTypes[channel].map(receivedName);
    const topic = updates[channel];
    const byKafka: Channel = {
      address: topic ?? null,
      description: 'What another service tells by Kafka, as CloudEvents in binary or structured mode.',
      servers: [serverRef('kafka')],
      messages: messageRefs(names),
    };
    const byWebhook: Channel = {
      address: `/api/v1/webhooks/${channel}`,
      description: 'What another service tells by a Standard Webhook, signed with the secret of its channel.',
      servers: [serverRef('api')],
      messages: messageRefs(names.map((name) => `${name}Webhook`)),
    };
    const webhook = [channelName(channel, 'Webhooks'), byWebhook] as const;
    return topic === undefined ? [webhook] : [[channelName(channel, 'Updates'), byKafka] as const, webhook];
  });
  return Object.fromEntries(entries);
}

function consuming({ updates }: TopicNames): Record<string, Operation> {
  const entries = inboundChannels.flatMap((channel) => {
    const webhook = operation('receive', channelName(channel, 'Webhooks'), `Hears of ${channel} by webhooks.`);
    const topic = operation('receive', channelName(channel, 'Updates'), `Hears of ${channel} by Kafka.`);
    return [
      ...(updates[channel] === undefined ? [] : [[`consume_${channel}`, topic] as const]),
      [`receive_${channel}`, webhook] as const,
    ];
  });
  return Object.fromEntries(entries);
}

function operation(action: Operation['action'], channel: string, description: string): Operation {
  return { action, channel: { $ref: `#/channels/${channel}` }, description };
}

function messageRefs(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

function serverRef(name: keyof typeof servers) {
  return { $ref: `#/servers/${name}` };
}
