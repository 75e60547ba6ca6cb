import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { withClient } from '../../src/temporal/connection.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { eventually } from './eventually.ts';

/** A namespace of its own on the shared dev server, for one test file. */
export interface TestNamespace {
  address: string;
  namespace: string;
  taskQueue: string;
  /** The one connection for both client and worker, as eager start needs. */
  connection: NativeConnection;
  client: Client;
  close(): Promise<void>;
}

/**
 * Makes a namespace that has the search attributes, with connections to it, on the test run's dev server or at
 * `address`. Pass its `connection`, `namespace` and `taskQueue` to every worker and client: nothing has a default.
 */
export async function createTestNamespace(address: string = inject('temporalAddress')): Promise<TestNamespace> {
  const unique = randomBytes(6).toString('hex');
  const namespace = `test-${unique}`;
  const connection = await NativeConnection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  // A server describes a namespace before it takes anything else for it.
  await eventually(() => connection.workflowService.countWorkflowExecutions({ namespace }));
  await ensureSearchAttributes(connection, namespace);
  return {
    address,
    namespace,
    taskQueue: `orders-${unique}`,
    connection,
    client: withClient(connection, namespace, undefined).client,
    close: () => connection.close(),
  };
}
