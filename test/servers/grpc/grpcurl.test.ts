import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGrpcRig, type GrpcRig } from '../../grpc/grpc-rig.ts';
import { order, token } from '../../http/api-rig.ts';
import { findGoProgram, goPrograms } from '../setup/find-program.ts';

let rig: GrpcRig;
let grpcurl: string;
beforeAll(async () => {
  grpcurl = await findGoProgram(goPrograms.grpcurl);
  rig = await startGrpcRig();
});
afterAll(() => rig.stop());

/** Runs grpcurl, which knows of the service only what reflection tells; answers what it printed, of a refused call too. */
async function run(args: readonly string[], what: readonly string[]): Promise<string> {
  const { host } = new URL(rig.baseUrl);
  const { all } = await execa(grpcurl, ['-plaintext', ...args, host, ...what], { all: true, reject: false });
  return all;
}

async function call(method: string, request: object, args: readonly string[] = []): Promise<string> {
  const authorization = `authorization: Bearer ${await token('alice', ['customer'])}`;
  const more = ['-H', authorization, '-format-error', ...args, '-d', JSON.stringify(request)];
  return run(more, [`orders.v1.OrderService/${method}`]);
}

describe('grpcurl, with nothing but reflection', () => {
  test('lists the services, and describes the methods and messages', async () => {
    expect((await run([], ['list'])).split('\n')).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'orders.v1.OrderService',
    ]);
    expect(await run([], ['describe', 'orders.v1.OrderService'])).toContain('rpc CreateOrder');
    for (const symbol of ['orders.v1.Order', 'orders.v1.OrderService.GetOrder', 'google.rpc.ErrorInfo']) {
      expect(await run([], ['describe', symbol])).toContain(`${symbol} is a`);
    }
    expect(await run([], ['describe', 'orders.v1.Nothing'])).toContain('Symbol not found');
  });

  test('asks for health', async () => {
    expect(await run([], ['grpc.health.v1.Health/Check'])).toContain('"status": "SERVING"');
  });

  test('places, reads, follows and cancels an order', async () => {
    const placed = JSON.parse(await call('CreateOrder', order)) as { order: Record<string, unknown> };
    expect(placed.order).toMatchObject({ status: 'ORDER_STATUS_CONFIRMED', total: '25.00' });
    const orderId = placed.order['id'];
    const read = JSON.parse(await call('GetOrder', { order_id: placed.order['orderNumber'] })) as object;
    expect(read).toEqual({ order: placed.order });
    expect(await call('CancelOrder', { order_id: orderId })).toContain('ORDER_STATUS_CANCELLED');
    const told = await call('WatchOrder', { order_id: orderId }, ['-max-time', '20']);
    expect(told).toContain('"snapshot"');
    expect(told).toContain('"end"');
  });

  test('reads what is wrong with a request, field by field', async () => {
    const refused = await call('CreateOrder', { ...order, items: [{ sku: 'MUG', quantity: 0 }] });
    expect(JSON.parse(refused)).toMatchObject({
      code: 3,
      details: expect.arrayContaining([
        expect.objectContaining({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'VALIDATION' }),
        expect.objectContaining({
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'items[0].quantity', description: 'must be at least 1' }],
        }),
      ]),
    });
  });
});
