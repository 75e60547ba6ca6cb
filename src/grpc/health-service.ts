import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  type Health,
} from './generated/grpc/health/v1/health_pb.ts';
import { OrderService } from './generated/orders/v1/order_service_pb.ts';

/** How often those who watch are told of a change at most. */
const WATCH_INTERVAL_MS = 1_000;

/** The standard health check: the server as a whole and its one service are well together. */
export function healthService(isReady: () => Promise<boolean>): ServiceImpl<typeof Health> {
  const statusOf = async () => ((await isReady()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  return {
    check: async ({ service }) => {
      if (isKnown(service)) return { status: await statusOf() };
      throw new ConnectError(`There is no service "${service.slice(0, 100)}" here.`, Code.NotFound);
    },
    watch: async function* watch({ service }, { signal }) {
      let last: ServingStatus | undefined;
      while (!signal.aborted) {
        const status = isKnown(service) ? await statusOf() : ServingStatus.SERVICE_UNKNOWN;
        if (status !== last) yield { status };
        last = status;
        await delay(WATCH_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    },
  };
}

function isKnown(service: string): boolean {
  return service === '' || service === OrderService.typeName;
}
