import type { Payload, PayloadCodec } from '@temporalio/common';
// CommonJS, whose names Node does not find.
import proto from '@temporalio/proto';
import { ENCRYPTED, KEY_ID, keyIdOf } from '../domain/encrypted-payload.ts';
import { decrypt, encrypt, type KeyRing } from '../key-ring.ts';

export type { Payload, PayloadCodec } from '@temporalio/common';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** What payloads are encrypted for. */
const PURPOSE = 'temporal-payload';

/**
 * Encrypts what goes into Temporal and decrypts what comes from it; what is not encrypted is left as it is, so that histories from
 * before the keys, and what operators type, are still read. Decoding throws `DecryptionError` when a key is missing: Temporal then
 * repeats the task, on another worker or once the key is there, and nothing is taken for something else.
 */
export function createPayloadCodec(ring: KeyRing): PayloadCodec {
  const seal = payloadSealer(ring);
  return {
    encode: async (payloads) => payloads.map(seal),
    decode: async (payloads) => payloads.map((payload) => openPayload(ring, payload)),
  };
}

/** Returns a function that encrypts one payload with the current key. */
export function payloadSealer(ring: KeyRing): (payload: Payload) => Payload {
  const metadata = { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(ring.current) };
  return (payload) => ({ metadata, data: encrypt(ring, PURPOSE, PayloadMessage.encode(payload).finish()) });
}

/** Decrypts one payload, or returns it as it is when it is not encrypted. Throws `DecryptionError`. */
export function openPayload(ring: KeyRing, payload: Payload): Payload {
  const id = keyIdOf(payload);
  if (id === undefined) return payload;
  return PayloadMessage.decode(decrypt(ring, id, PURPOSE, payload.data ?? new Uint8Array()));
}
