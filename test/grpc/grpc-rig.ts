// First: the HTTP library extends zod when it is loaded, and can document only what is made after that.
import { address, startApiRig, token } from '../http/api-rig.ts';
import { Code, ConnectError, createClient, type CallOptions } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import getPort from 'get-port';
import { createAccess } from '../../src/access/access.ts';
import type { Role } from '../../src/domain/caller.ts';
import { ErrorInfoSchema } from '../../src/grpc/generated/google/rpc/error_details_pb.ts';
import { OrderService } from '../../src/grpc/generated/orders/v1/order_service_pb.ts';
import { toGrpcDoor } from '../../src/grpc/open-door.ts';
import { serveGrpc, type GrpcSettings } from '../../src/grpc/serve-grpc.ts';
import type { Logger } from '../../src/logger.ts';

export type GrpcRig = Awaited<ReturnType<typeof startGrpcRig>>;

/** The same API through both of its doors: HTTP as the API rig has it, and gRPC on a port of its own. */
export async function startGrpcRig(options: { settings?: Record<string, string>; logger?: Logger } = {}) {
  const rig = await startApiRig(options);
  const port = await getPort({ host: '127.0.0.1' });
  const settings = { host: '127.0.0.1', port, silenceMs: rig.config.api.bodySilenceMs };
  const serve = (more: Partial<GrpcSettings> = {}) =>
    serveGrpc(toGrpcDoor(rig.parts, createAccess(rig.parts)), { ...settings, ...more });
  const server = await serve();
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    ...rig,
    server,
    /** Starts another server, on the same port unless said otherwise. */
    serve,
    baseUrl,
    /** A client of the service; each call needs its own metadata. */
    orderService: createClient(OrderService, createGrpcTransport({ baseUrl })),
    stop: async () => {
      rig.feed.close();
      await server.close(1_000);
      await rig.stop();
    },
  };
}

/** The metadata and deadline of a call by somebody: alice, a customer, unless said otherwise. */
export async function by(
  as: Role = 'customer',
  sub = 'alice',
  { headers, ...more }: CallOptions = {},
): Promise<CallOptions> {
  return { ...more, headers: { authorization: `Bearer ${await token(sub, [as])}`, ...headers } };
}

/** A request that is fit to be placed by alice: 25.00 EUR. */
export const newOrder = {
  currency: 'EUR',
  items: [{ sku: 'MUG', quantity: 2 }],
  paymentMethod: 'tok_ok',
  shippingAddress: { ...address, postalCode: address.postal_code },
};

/** `OK`, or the reason of a refusal with its status, such as `ORD004 NotFound`. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    const refused = ConnectError.from(error);
    return [refused.findDetails(ErrorInfoSchema)[0]?.reason, Code[refused.code]].filter(Boolean).join(' ');
  }
}
