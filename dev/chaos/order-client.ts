import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { orderWorkflowId } from '../../src/domain/order.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { HttpAnswer, HttpRequest } from '../replay/http-client.ts';
import type { PlannedOrder } from './plan-orders.ts';
import type { ChaosSystem } from './system.ts';

/** The client of one order, with what it was told so far. */
export interface Client {
  readonly system: Pick<ChaosSystem, 'api' | 'sandbox' | 'temporal'>;
  readonly planned: PlannedOrder;
  readonly orderIds: Set<string>;
  readonly promised: Set<OrderStatus>;
  readonly commands: string[];
  readonly oddities: string[];
}

const answered = z.object({ id: z.string(), status: z.string() });
const orderAnswer = answered.extend({ refunded_amount: z.string() });
const items = z.object({ data: z.array(z.object({ id: z.string(), quantity: z.int() })) });
const problem = z.object({ code: z.string(), order_id: z.string().optional(), detail: z.string().optional() });

/** The pause between two polls grows, so that hundreds of clients are no load. */
const POLL_MS = { first: 200, most: 2_000, growth: 1.5 };
/** How long a client waits for a status before its story continues. */
const PATIENCE_MS = 45_000;

/** Builds the request that places the order; it is the same every time. */
export function buildPlaceRequest({ key, prefer, body }: PlannedOrder): HttpRequest {
  return { method: 'POST', path: '/api/v1/orders', headers: { 'idempotency-key': key, prefer }, body };
}

/** Returns the id of the order in an answer to {@link buildPlaceRequest}: placed, or accepted and then refused. */
export function findOrderId({ status, body }: HttpAnswer): string | undefined {
  if (status === 201 || status === 202) return answered.safeParse(body).data?.id;
  return status === 402 || status === 409 ? problem.safeParse(body).data?.order_id : undefined;
}

/** Places the order and records its id. */
export async function placeOrder(client: Client): Promise<void> {
  const answer = await client.system.api(buildPlaceRequest(client.planned));
  const orderId = findOrderId(answer);
  client.commands.push(`place ${describeOutcome(answer)}`);
  if (orderId === undefined) client.oddities.push(`placing it answered ${describe(answer)}`);
  else client.orderIds.add(orderId);
}

/** Answers that a command may get: done, in progress, declined, or refused in the order's current state. */
const expected = new Set([200, 201, 202, 400, 402, 409]);

/** Of several returns at the same time some may be refused. */
const contended = /^return /;

/** Sends a command with one key and retries; returns whether it was done. */
export async function sendCommand(client: Client, name: string, request: HttpRequest): Promise<boolean> {
  const headers = { 'idempotency-key': `${client.planned.key}:${name}` };
  const answer = await client.system.api({ ...request, headers });
  client.commands.push(`${name} ${describeOutcome(answer)}`);
  const code = problem.safeParse(answer.body).data?.code;
  if (!expected.has(answer.status) || (code === 'VALIDATION' && !contended.test(name))) {
    client.oddities.push(`${name} answered ${describe(answer)}`);
  }
  if (answer.status !== 200 && answer.status !== 201) return false;
  const status = answered.safeParse(answer.body).data?.status as OrderStatus | undefined;
  if (status !== undefined) client.promised.add(status);
  return true;
}

/** Reads the order's lines. */
export async function readItems(client: Client, id: string): Promise<z.output<typeof items>['data']> {
  const answer = await client.system.api({ path: `/api/v1/orders/${id}/items` });
  return items.parse(answer.body).data;
}

/** Terminates or cancels the workflow as the Temporal CLI does; does nothing when it has ended or does not exist. */
export async function endWorkflow(
  client: Client,
  id: string,
  how: 'terminate workflow' | 'cancel workflow',
): Promise<void> {
  const handle = client.system.temporal.workflow.getHandle(orderWorkflowId(id));
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      await (how === 'cancel workflow' ? handle.cancel() : handle.terminate('chaos'));
      client.commands.push(`${how} done`);
      return;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || Date.now() > deadline) {
        client.commands.push(`${how} not possible`);
        return;
      }
      await sleep(POLL_MS.first);
    }
  }
}

/** Waits until `wanted` accepts the order's status and returns it; undefined when that takes too long. */
export async function waitFor(
  client: Client,
  id: string,
  wanted: (status: string) => boolean,
): Promise<string | undefined> {
  return (await waitForOrder(client, id, ({ status }) => wanted(status)))?.status;
}

/** Waits until `wanted` accepts the order and returns it; undefined when that takes too long. */
export async function waitForOrder(
  client: Client,
  id: string,
  wanted: (order: z.output<typeof orderAnswer>) => boolean,
): Promise<z.output<typeof orderAnswer> | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pauseMs = POLL_MS.first; Date.now() < deadline; pauseMs = Math.min(pauseMs * POLL_MS.growth, POLL_MS.most)) {
    const answer = await client.system.api({ path: `/api/v1/orders/${id}` });
    const order = orderAnswer.safeParse(answer.body).data;
    if (answer.status !== 200 || order === undefined) {
      client.oddities.push(`reading it answered ${describe(answer)}`);
      return undefined;
    }
    if (wanted(order)) return order;
    await sleep(pauseMs);
  }
  return undefined;
}

function describeOutcome({ status, body }: HttpAnswer): string {
  const code = problem.safeParse(body).data?.code;
  return code === undefined ? String(status) : `${status} ${code}`;
}

function describe({ status, body }: HttpAnswer): string {
  return `${status} ${JSON.stringify(body)?.slice(0, 300) ?? ''}`;
}
