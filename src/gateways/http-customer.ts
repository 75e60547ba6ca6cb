import { z } from 'zod';
import { inBatches } from '../batches.ts';
import type { Customer, CustomerGateway } from './customer.ts';
import { GatewayError } from './gateway-error.ts';
import {
  isDueToQuestion,
  LOOKUPS_APART_MS,
  LOOKUPS_UNDER_WAY,
  QUESTION_TIMEOUT_MS,
  serviceClient,
  type ServiceClient,
} from './http-client.ts';

const user = z.object({ id: z.string(), status: z.enum(['ACTIVE', 'INACTIVE']) });
const users = z.object({ data: z.array(user) });

/** Ids of one request: its path stays well below the 16 KB that servers read. */
const MAX_IDS = 100;

/** A customer service over HTTP, as the sandbox speaks it; who asks at about the same time is asked for in one request. */
export function httpCustomerGateway(baseUrl: string): CustomerGateway {
  const call = serviceClient('customer', baseUrl);
  const limits = { maxUnderWay: LOOKUPS_UNDER_WAY, maxWeight: MAX_IDS, apartMs: LOOKUPS_APART_MS };
  const findCustomer = inBatches(limits, (ids: readonly string[]) => findCustomers(call, ids));
  return {
    findCustomer: async (id) => {
      const found = await findCustomer(id);
      return found();
    },
  };
}

/** One customer of a batch; throws when the service would not have it. */
type Found = () => Customer | undefined;

async function findCustomers(call: ServiceClient, ids: readonly string[]): Promise<readonly Found[]> {
  const wanted = [...new Set(ids)];
  const found = wanted.length === 1 ? undefined : await findTogether(call, wanted);
  if (found) return ids.map((id) => () => found.get(id));
  const answers = await Promise.allSettled(wanted.map((id) => findOne(call, id)));
  const each = new Map(wanted.map((id, index) => [id, answers[index]]));
  return ids.map((id) => () => {
    const answer = each.get(id);
    if (answer?.status === 'rejected') throw answer.reason;
    return answer?.value;
  });
}

/** `undefined` when the service does not take the question, because of one of the ids or at all. */
async function findTogether(
  call: ServiceClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Customer> | undefined> {
  const query = new URLSearchParams();
  for (const id of ids) query.append('id', id);
  try {
    const { data } = await call({
      method: 'GET',
      path: `/users?${query.toString()}`,
      schema: users,
      timeoutMs: QUESTION_TIMEOUT_MS,
    });
    return new Map(data.map((one) => [one.id, asCustomer(one)]));
  } catch (error) {
    if (isDueToQuestion(error)) return undefined;
    throw error;
  }
}

async function findOne(call: ServiceClient, id: string): Promise<Customer | undefined> {
  try {
    const found = await call({
      method: 'GET',
      path: `/users/${encodeURIComponent(id)}`,
      schema: user,
      timeoutMs: QUESTION_TIMEOUT_MS,
    });
    return asCustomer(found);
  } catch (error) {
    if (error instanceof GatewayError && error.status === 404 && error.code !== undefined) return undefined;
    throw error;
  }
}

function asCustomer({ id, status }: z.output<typeof user>): Customer {
  return { id, active: status === 'ACTIVE' };
}
