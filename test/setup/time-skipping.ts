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
  const environment = await createTimeSkippingEnvironment();
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

/** The SDK gives a server five seconds, which a Java process may not get on a busy machine; there is no setting for it. */
const START_ATTEMPTS = 6;

/** The SDK's environment on the time-skipping server, started again while it takes longer than the SDK waits. */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const server = { executable: { type: 'existing-path', path: inject('timeSkippingServer') } } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server });
    } catch (error) {
      const isLate = error instanceof Error && error.message.includes('did not start within');
      if (!isLate || attempt === START_ATTEMPTS) throw error;
    }
  }
}
