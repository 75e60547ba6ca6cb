import { isMessage, toJson, type DescMessage, type Message, type MessageShape } from '@bufbuild/protobuf';
import { z } from 'zod';
import { checkRequest } from '../orders/check-request.ts';
import { invalidRequest } from '../domain/refusal.ts';

/** A request as the JSON that HTTP would have got: the same names, and only what was set. */
export type PlainRequest = Readonly<Record<string, unknown>>;

/** Throws VALIDATION for a message with fields that this service doesn't know, and for a moment that is none. */
export function readMessage<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): PlainRequest {
  refuseUnknownFields(message, '');
  try {
    const json = toJson(schema, message, { useProtoFieldName: true });
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw invalidRequest([{ pointer: '', message: `is not readable: ${what.slice(0, 200)}` }]);
  }
}

/** Takes apart the order that a request names and the rest of it. Throws VALIDATION when it names none. */
export function takeOrderId({ order_id: orderId, ...rest }: PlainRequest): { orderId: string; rest: PlainRequest } {
  return { orderId: checkRequest(orderIdSchema, orderId, '/order_id'), rest };
}

const orderIdSchema = z.string();

/** A value of an enum by its name in the API, such as PENDING of ORDER_STATUS_PENDING; what is no value of it stays what it is. */
export function withoutPrefix(value: unknown, prefix: string): unknown {
  return typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

/** A client that is newer than this service would take it for done. */
function refuseUnknownFields(message: Message, path: string): void {
  const [unknown] = message.$unknown ?? [];
  if (unknown) {
    throw invalidRequest([{ pointer: path, message: `has a field ${unknown.no}, which this service does not know` }]);
  }
  for (const [name, value] of Object.entries(message)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    values.forEach((one, index) => {
      if (isMessage(one))
        refuseUnknownFields(one, `${path}/${inSnakeCase(name)}${Array.isArray(value) ? `/${index}` : ''}`);
    });
  }
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
