import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { OrderEvent } from '../domain/order-event.ts';
import { OrderStatus, PaymentStatus, SagaState, type OrderEventSchema } from './generated/orders/v1/order_pb.ts';
import type { WatchOrderResponseSchema } from './generated/orders/v1/order_service_pb.ts';

/** What a client is told of an order. */
export type OrderUpdate = MessageInitShape<typeof WatchOrderResponseSchema>;

/** An event of an order as a message: what this service knows of it in fields, and all of it as HTTP shows it. */
export function eventMessage({ type, payload, createdAt }: OrderEvent): MessageInitShape<typeof OrderEventSchema> {
  const { status, from, payment_status: paymentStatus, saga_state: sagaState, version, actor, reason } = payload;
  return {
    type,
    status: valueOf(OrderStatus, status),
    from: typeof from === 'string' ? valueOf(OrderStatus, from) : undefined,
    paymentStatus: valueOf(PaymentStatus, paymentStatus),
    sagaState: valueOf(SagaState, sagaState),
    version: Number(version ?? 0),
    actor: typeof actor === 'string' ? actor : '',
    reason: typeof reason === 'string' ? reason : undefined,
    occurredAt: timestampFromDate(createdAt),
    data: { ...payload, occurred_at: createdAt.toISOString() },
  };
}

/** The value with this name; UNSPECIFIED for what has none. */
function valueOf<Value extends number>(values: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return typeof name === 'string' ? values[name] : undefined;
}
