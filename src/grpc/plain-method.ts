import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Call, CallMetadata } from './call.ts';
import type { Serve } from './serve-call.ts';

/** A method that answers once, from the bytes of a message to those of its answer. */
export interface PlainMethod {
  readonly maxBytes: number;
  /** Rejects with a `ConnectError`, which is a status of gRPC. */
  readonly answer: (message: Uint8Array, call: Call, metadata: CallMetadata) => Promise<Uint8Array>;
}

/** The method as bytes. */
export function toPlainMethod<In extends DescMessage, Out extends DescMessage>(
  { input, output }: DescMethodUnary<In, Out>,
  serve: Serve<In, MessageInitShape<Out>>,
  maxBytes: number,
): PlainMethod {
  return {
    maxBytes,
    answer: async (bytes, call, metadata) => {
      const response = await serve(parse(input, bytes), call, metadata);
      return toBinary(output, create(output, response));
    },
  };
}

function parse<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it is no protobuf';
    throw new ConnectError(`The message can't be parsed: ${why}`, Code.Internal, undefined, undefined, cause);
  }
}
