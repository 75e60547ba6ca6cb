import { z } from 'zod';
import type { CustomerGateway } from './customer.ts';
import { GatewayError } from './gateway-error.ts';
import { QUESTION_TIMEOUT_MS, serviceClient } from './http-client.ts';

const user = z.object({ id: z.string(), status: z.enum(['ACTIVE', 'INACTIVE']) });

/** A customer service over HTTP, as the sandbox speaks it. */
export function httpCustomerGateway(baseUrl: string): CustomerGateway {
  const call = serviceClient('customer', baseUrl);
  return {
    findCustomer: async (id) => {
      try {
        const found = await call({
          method: 'GET',
          path: `/users/${encodeURIComponent(id)}`,
          schema: user,
          timeoutMs: QUESTION_TIMEOUT_MS,
        });
        return { id: found.id, active: found.status === 'ACTIVE' };
      } catch (error) {
        if (error instanceof GatewayError && error.status === 404 && error.code !== undefined) return undefined;
        throw error;
      }
    },
  };
}
