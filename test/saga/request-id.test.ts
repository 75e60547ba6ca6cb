import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runForRequest } from '../../src/request-context.ts';
import { gatewaysTo, someMessage } from '../gateways/calls.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { createTestNamespace } from '../setup/temporal.ts';

const log = captureLog();
const keys = `2026a=${randomBytes(32).toString('base64')}`;

/** What was logged for a request: of each line what it says of which order. */
const story = (requestId: string) =>
  log
    .text()
    .split('\n')
    .filter((line) => line.includes(`"request_id":"${requestId}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.each([
  ['in plain', {}],
  ['encrypted', { PAYLOAD_KEYS: keys }],
])('with payloads %s', (_, settings) => {
  let rig: SagaRig;

  beforeAll(async () => {
    rig = await startSagaRig(settings, createTestNamespace, log.logger);
    await rig.product('TEAPOT', 1_000);
  });
  afterAll(() => rig.stop());

  const SHOP = `shop-${randomUUID()}`;
  const SUPPORT = `support-${randomUUID()}`;

  test('the id of a request is on every log line of its order: calls of services and changes of status, in the worker too', async () => {
    const id = await runForRequest({ requestId: SHOP }, () => rig.place());
    await rig.reaches(id, 'CONFIRMED');
    await rig.rests(id);
    const lines = story(SHOP);
    const calls = lines.filter(({ msg }) => msg === 'service called');
    expect(calls.map(({ operation }) => operation)).toEqual(['reserve', 'charge', 'commit', 'send']);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'order status changed', to: 'CONFIRMED', level: 30 }));
    for (const line of lines) expect(line['order_id']).toBe(id);
    // The product's own client leaves memos out.
    const { connection, namespace, dataConverter } = rig.temporal;
    const described = await new Client({ connection, namespace, ...(dataConverter && { dataConverter }) }).workflow
      .getHandle(`order-${id}`)
      .describe();
    expect(described).toMatchObject({ memo: { request_id: SHOP } });
    const history = JSON.stringify(await rig.handle(id).fetchHistory());
    expect(history.includes(Buffer.from(JSON.stringify(SHOP)).toString('base64'))).toBe(!('PAYLOAD_KEYS' in settings));
  });

  test("what a command does names the command's request", async () => {
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    await rig.rests(id);
    await runForRequest({ requestId: SUPPORT }, () => rig.command(id, 'cancelOrder', {}));
    await eventually(() => {
      const operations = story(SUPPORT).map(({ operation, to }) => operation ?? to);
      expect(operations).toEqual(expect.arrayContaining(['release', 'void', 'CANCELLED']));
    });
  });

  test('a header that can not be read changes nothing', async () => {
    const { connection, namespace } = rig.temporal;
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    const unreadable = { metadata: { encoding: Buffer.from('json/unheard-of') }, data: Buffer.from('x') };
    await connection.workflowService.signalWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: `order-${id}` },
      signalName: 'unheard-of',
      header: { fields: { request_id: unreadable } },
    });
    await rig.command(id, 'cancelOrder', {});
    expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ sagaState: 'COMPENSATED' });
  });
});

test('a service gets the id of the request that it is called for', async () => {
  const heard: (string | string[] | undefined)[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers['x-request-id']);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { notification } = gatewaysTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const message = someMessage('1');
  await runForRequest({ requestId: 'shop-1' }, () => notification.send(message));
  await notification.send(message);
  expect(heard).toEqual(['shop-1', undefined]);
});
