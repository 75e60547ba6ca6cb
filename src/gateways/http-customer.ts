import { z } from 'zod';
import { batchCalls, resultOrError } from '../batch-calls.ts';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import type { Customer, CustomerGateway } from './customer.ts';
import { createUnlessThere } from './create-unless-there.ts';
import { GatewayError } from './gateway-error.ts';
import { isRequestFault, lookupLimits, QUESTION_TIMEOUT_MS, serviceClient, type ServiceClient } from './http-client.ts';

/** What is missing beside the status is not needed for an order. */
const user = z.object({
  id: z.string(),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  name: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
});
const users = z.object({ data: z.array(user) });

/** A customer service over HTTP, as the sandbox speaks it. Concurrent lookups share one request. */
export function httpCustomerGateway(endpoint: ServiceEndpoint, logger: Logger): CustomerGateway {
  const call = serviceClient({ name: 'customer', endpoint, logger });
  return {
    findCustomer: batchCalls(lookupLimits, (ids: readonly string[]) => findCustomers(call, ids)),
    createCustomer: async ({ id, name, email }) => {
      const body = { id, status: 'ACTIVE', ...(name !== null && { name }), ...(email !== null && { email }) };
      await createUnlessThere(() =>
        call({ operation: 'create_customer', method: 'POST', path: '/users', body, schema: user }),
      );
    },
  };
}

/** The customer of each id, `undefined` for an unknown one, an error for one that the service refuses. */
async function findCustomers(
  call: ServiceClient,
  ids: readonly string[],
): Promise<readonly (Customer | undefined | Error)[]> {
  const wanted = [...new Set(ids)];
  const found = wanted.length === 1 ? undefined : await findTogether(call, wanted);
  if (found) return ids.map((id) => found.get(id));
  const answers = await Promise.all(wanted.map((id) => resultOrError(findOne(call, id))));
  const each = new Map(wanted.map((id, index) => [id, answers[index]]));
  return ids.map((id) => each.get(id));
}

/** `undefined` when the service refuses the request, because of one of the ids or at all. */
async function findTogether(
  call: ServiceClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Customer> | undefined> {
  const query = new URLSearchParams();
  for (const id of ids) query.append('id', id);
  try {
    const { data } = await call({
      operation: 'find_customers',
      method: 'GET',
      path: `/users?${query.toString()}`,
      schema: users,
      timeoutMs: QUESTION_TIMEOUT_MS,
    });
    return new Map(data.map((one) => [one.id, asCustomer(one)]));
  } catch (error) {
    if (isRequestFault(error)) return undefined;
    throw error;
  }
}

async function findOne(call: ServiceClient, id: string): Promise<Customer | undefined> {
  try {
    const found = await call({
      operation: 'find_customers',
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

function asCustomer({ id, status, name, email }: z.output<typeof user>): Customer {
  return { id, active: status === 'ACTIVE', name, email };
}
