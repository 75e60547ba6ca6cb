import { currencies } from '../../domain/currency.ts';
import { eventTypes } from '../../domain/order-event.ts';
import { orderStatuses } from '../../domain/order-status.ts';
import { paymentProviders } from '../../domain/payment-provider.ts';
import { paymentStatuses } from '../../domain/payment-status.ts';
import { sagaStates } from '../../domain/saga.ts';
import { eventSchemas } from './catalogue.ts';
import { cloudEventSchema } from './cloud-event-schema.ts';
import { inboundSchemas } from './inbound-events.ts';
import { dataName, receivedName, schemaName, toJsonSchema, type JsonSchema } from './json-schemas.ts';

/** The schemas of everything that is published and received, by the names that the messages of the document refer to. */
export function documentSchemas(): Record<string, JsonSchema> {
  const published = eventTypes.flatMap((type) => [
    [dataName(type), toJsonSchema(eventSchemas[type])] as const,
    [schemaName(type), cloudEventSchema(type, { $ref: `#/components/schemas/${dataName(type)}` })] as const,
  ]);
  const received = Object.entries(inboundSchemas).map(([type, schema]) => [receivedName(type), toJsonSchema(schema)]);
  return { ...withNames(Object.fromEntries([...published, ...received])), ...named };
}

/** Sets of values that many messages share: with a name, whatever is generated from the document has one type for each. */
const vocabulary = {
  OrderStatus: orderStatuses,
  PaymentStatus: paymentStatuses,
  SagaState: sagaStates,
  PaymentProvider: paymentProviders,
  Currency: currencies,
};

const named = Object.fromEntries(
  Object.entries(vocabulary).map(([name, values]) => [name, { type: 'string', enum: [...values] }]),
);

/** The same schemas, which refer to a set of values by its name. */
function withNames(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const names = new Map(Object.entries(vocabulary).map(([name, values]) => [values.join(), name]));
  return JSON.parse(JSON.stringify(schemas), (_, value: unknown) => {
    const values = typeof value === 'object' && value !== null && 'enum' in value ? value.enum : undefined;
    const name = Array.isArray(values) ? names.get(values.join()) : undefined;
    return name === undefined ? value : { $ref: `#/components/schemas/${name}` };
  }) as Record<string, JsonSchema>;
}
