import type { Client } from '@temporalio/client';
import { ENCRYPTED } from '../domain/encrypted-payload.ts';
import { KEYS_NOT_SET } from '../key-ring.ts';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';

type Failure = Parameters<typeof decodeOptionalFailureToOptionalError>[1];

/**
 * What a failure on record at Temporal says, decrypted where it is encrypted; `undefined` where there is none. One whose key is missing here says
 * that it is.
 */
export async function readFailure(client: Client, failure: Failure): Promise<string | undefined> {
  const { loadedDataConverter } = client.options;
  const read = await decodeOptionalFailureToOptionalError(loadedDataConverter, failure).catch(
    (unread: Error) => unread,
  );
  return read?.message === '' ? undefined : read?.message.replace(WITHOUT_KEYS, KEYS_NOT_SET);
}

/** What a process says that has no key at all: it does not know what it can't read. */
const WITHOUT_KEYS = `Unknown encoding: ${ENCRYPTED}`;
