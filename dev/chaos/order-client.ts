import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { orderWorkflowId } from '../../src/domain/order.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { HttpAnswer, HttpRequest } from '../replay/http-client.ts';
import type { PlannedOrder } from './plan-orders.ts';
import type { ChaosSystem } from './system.ts';

/** Whoever placed one order, with what they have been told so far. */
export interface Client {
  readonly system: Pick<ChaosSystem, 'api' | 'temporal'>;
  readonly planned: PlannedOrder;
  readonly orderIds: Set<string>;
  readonly promised: Set<OrderStatus>;
  readonly commands: string[];
  readonly oddities: string[];
}

const answered = z.object({ id: z.string(), status: z.string() });
const items = z.object({ data: z.array(z.object({ id: z.string(), quantity: z.int() })) });
const problem = z.object({ code: z.string(), order_id: z.string().optional(), detail: z.string().optional() });

/** Between two looks at an order: people look again soon, and then less and less often; hundreds of them must not be the load. */
const POLL_MS = { first: 200, most: 2_000, growth: 1.5 };
/** How long a client waits for its order to come to where the story can go on. */
const PATIENCE_MS = 45_000;

/** The request that places it; sent again it is the same. */
export function buildPlaceRequest({ key, prefer, body }: PlannedOrder): HttpRequest {
  return { method: 'POST', path: '/api/v1/orders', headers: { 'idempotency-key': key, prefer }, body };
}

/** The order that an answer to {@link buildPlaceRequest} is about: placed, or accepted and then refused. */
export function findOrderId({ status, body }: HttpAnswer): string | undefined {
  if (status === 201 || status === 202) return answered.safeParse(body).data?.id;
  return status === 402 || status === 409 ? problem.safeParse(body).data?.order_id : undefined;
}

/** Places the order; the answer names it. */
export async function placeOrder(client: Client): Promise<void> {
  const answer = await client.system.api(buildPlaceRequest(client.planned));
  const orderId = findOrderId(answer);
  client.commands.push(`place ${describeOutcome(answer)}`);
  if (orderId === undefined) client.oddities.push(`placing it answered ${describe(answer)}`);
  else client.orderIds.add(orderId);
}

/** Answers that a command may get: done, under way, declined, or refused where the order stands. */
const expected = new Set([200, 201, 202, 400, 402, 409]);

/** What only some of several wishes can have is refused to the others. */
const contended = /^return /;

/** Sends a command until it is answered, under one key; true when the API said that it is done. */
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

/** The order's lines. */
export async function readItems(client: Client, id: string): Promise<z.output<typeof items>['data']> {
  const answer = await client.system.api({ path: `/api/v1/orders/${id}/items` });
  return items.parse(answer.body).data;
}

/** What `temporal workflow terminate` and `cancel` do; a workflow that has ended, or has not begun, is left at that. */
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

/** The status once `wanted` holds of it; undefined when that takes too long. */
export async function waitFor(
  client: Client,
  id: string,
  wanted: (status: string) => boolean,
): Promise<string | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pauseMs = POLL_MS.first; Date.now() < deadline; pauseMs = Math.min(pauseMs * POLL_MS.growth, POLL_MS.most)) {
    const answer = await client.system.api({ path: `/api/v1/orders/${id}` });
    const status = answered.safeParse(answer.body).data?.status;
    if (answer.status !== 200 || status === undefined) {
      client.oddities.push(`reading it answered ${describe(answer)}`);
      return undefined;
    }
    if (wanted(status)) return status;
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
