import { createConnectRouter } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';
import type { GrpcDoor } from './door.ts';
import { Health } from './generated/grpc/health/v1/health_pb.ts';
import { OrderService } from './generated/orders/v1/order_service_pb.ts';
import { ServerReflection } from './generated/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as OlderServerReflection } from './generated/grpc/reflection/v1alpha/reflection_pb.ts';
import { healthService } from './health-service.ts';
import { routeOrderService } from './order-service.ts';
import type { PlainMethod } from './plain-method.ts';
import { reflect } from './reflection-service.ts';

/** Health and reflection are asked with a name each. */
const MAX_QUESTION_BYTES = 4_000;

/** What answers each path, in all of gRPC, gRPC-Web and Connect; and what answers most calls of gRPC faster. */
export interface Handlers {
  readonly universal: ReadonlyMap<string, UniversalHandler>;
  readonly plain: ReadonlyMap<string, PlainMethod>;
}

/** Handlers of all services. */
export function createHandlers(door: GrpcDoor): Handlers {
  const router = createConnectRouter({ acceptCompression: [compressionGzip, compressionBrotli] });
  const bounds = { readMaxBytes: MAX_QUESTION_BYTES };
  const plain = routeOrderService(router, door);
  router.service(Health, healthService(door.isReady), bounds);
  router.service(ServerReflection, { serverReflectionInfo: reflect }, bounds);
  router.service(OlderServerReflection, { serverReflectionInfo: reflect }, bounds);
  return { universal: new Map(router.handlers.map((handler) => [handler.requestPath, handler])), plain };
}

/** Whether a path needs no token: health and reflection tell nothing of any order. */
export function isOpenToAll(path: string): boolean {
  return !path.startsWith(`/${OrderService.typeName}/`);
}
