import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Client } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { inject } from 'vitest';
import { orderSearchAttributes } from '../../src/domain/search-attributes.ts';
import type { TestNamespace } from './temporal.ts';

/** A time-skipping server of its own for one test file, and how to let time pass on it. */
export interface TimeSkippingEngine {
  readonly temporal: TestNamespace;
  /** Lets `durationMs` pass in the twinkling of an eye, with every timer that ends in it. */
  readonly pass: (durationMs: number) => Promise<void>;
}

/** Starts one; its `close` ends the server. */
export async function startTimeSkipping(): Promise<TimeSkippingEngine> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('timeSkippingServer') } },
  });
  const { nativeConnection: connection, address } = environment;
  const namespace = environment.namespace ?? 'default';
  for (const { name, type } of orderSearchAttributes) {
    const searchAttributes = { [name]: encodeSearchAttributeIndexedValueType(type)! };
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  return {
    temporal: {
      address,
      namespace,
      taskQueue: 'orders',
      connection,
      client: new Client({ connection, namespace }),
      close: () => environment.teardown(),
    },
    pass: (durationMs) => environment.sleep(durationMs),
  };
}
