import { bindInnerCall } from '../access/inner-call.ts';
import { createOrdersClient, type OrdersClient } from '../client/client.ts';
import type { Caller } from '../domain/caller.ts';
import type { ConsoleDependencies } from './console-env.ts';

type InnerApi = ConsoleDependencies['api'];

/** No name of a host is looked up: the request never leaves the process. */
const BASE_URL = 'http://console.internal';

interface Within {
  readonly caller: Caller;
  /** Whether it reads parts of something whose read is on record. */
  readonly isPartOfRead?: boolean;
}

/** The API's client, for a caller who is signed in: the same checks, roles and audit as through any other door. */
export function innerClient(api: InnerApi, within: Within): OrdersClient {
  return createOrdersClient(BASE_URL, {
    token: 'none',
    // What is unavailable is said at once; whoever sees it can try again.
    retries: 0,
    fetch: async (url, init) => await callApi(api, within, new Request(url, init)),
  });
}

/** One request to the API of this process. */
export async function callApi(
  api: InnerApi,
  { caller, isPartOfRead = false }: Within,
  request: Request,
): Promise<Response> {
  return await api.fetch(request, bindInnerCall({ caller, isPartOfRead }));
}

/** The address of a path of the API in this process. */
export function innerUrl(path: string): string {
  return BASE_URL + path;
}
