import { extname, join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../key-ring.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** Encrypts all that clients and workers send to Temporal, the messages and stack traces of failures included. */
export function createDataConverter(keys: KeyRing): DataConverter {
  return {
    failureConverterPath: join(import.meta.dirname, `encrypted-failures${extname(import.meta.filename)}`),
    payloadCodecs: [createPayloadCodec(keys)],
  };
}
