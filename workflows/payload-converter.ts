import {
  defaultPayloadConverter,
  type ConverterHint,
  type Payload,
  type PayloadConverter,
  type SerializationContext,
} from '@temporalio/common';
import { keyIdOf } from '../src/domain/encrypted-payload.ts';
import { UndecodablePayload } from '../src/domain/undecodable-payload.ts';

/**
 * Converts as Temporal's SDK does, but for what can't be decoded, such as a signal whose encoding was chosen wrongly in the Web UI:
 * that becomes an {@link UndecodablePayload}, which its receiver refuses. The SDK would fail the workflow task, and every later one.
 * It is what becomes of a payload that is encrypted where there are no keys: taken for nothing, it would be lost, and with the keys the same
 * history would be read differently. The reconciler finds such an order.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload<T>(payload: Payload, context?: SerializationContext, hint?: ConverterHint<T>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context, hint);
    } catch (error) {
      const keyId = keyIdOf(payload);
      if (keyId !== undefined)
        throw new Error(`set PAYLOAD_KEYS: this is encrypted with the key "${keyId}"`, { cause: error });
      // Nothing that comes from outside is known to be a `T`: whoever receives it looks.
      return new UndecodablePayload('can not be decoded: choose the encoding json/plain') as T;
    }
  },
};
