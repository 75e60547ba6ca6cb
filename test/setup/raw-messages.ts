import { randomUUID } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import type { TestNamespace } from './temporal.ts';

const { UpdateWorkflowExecutionLifecycleStage: Stage } = temporal.api.enums.v1;

/** A payload as anyone may send it: what its encoding is said to be, and bytes. */
export interface RawPayload {
  readonly encoding: string | undefined;
  readonly data: string | Uint8Array;
}

/** Sends messages to a workflow as the Web UI and the `temporal` command do, with whatever they hold. */
export function rawMessages({ client, namespace }: TestNamespace, workflowId: string) {
  const { workflowService } = client;
  const workflowExecution = { workflowId };
  return {
    signal: async (signalName: string, ...payloads: readonly RawPayload[]): Promise<void> => {
      const input = { payloads: payloads.map(toPayload) };
      await workflowService.signalWorkflowExecution({ namespace, workflowExecution, signalName, input });
    },
    /** Resolves with the failure that the update was answered with, if it was. */
    update: async (name: string, ...payloads: readonly RawPayload[]): Promise<string | undefined> => {
      const { outcome } = await workflowService.updateWorkflowExecution({
        namespace,
        workflowExecution,
        waitPolicy: { lifecycleStage: Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED },
        request: {
          meta: { updateId: randomUUID(), identity: 'temporal-cli' },
          input: { name, args: { payloads: payloads.map(toPayload) } },
        },
      });
      return outcome?.failure?.message ?? undefined;
    },
    /** The reasons for which workflow tasks have failed. */
    taskFailures: async (): Promise<string[]> => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
        failed ? [failed.failure?.message ?? 'unknown'] : [],
      );
    },
  };
}

function toPayload({ encoding, data }: RawPayload): temporal.api.common.v1.IPayload {
  const metadata = encoding === undefined ? null : { encoding: Buffer.from(encoding) };
  return { metadata, data: typeof data === 'string' ? Buffer.from(data) : data };
}

/** A value as the Web UI encodes it. */
export function json(value: unknown): RawPayload {
  return { encoding: 'json/plain', data: JSON.stringify(value) };
}

/** Payloads that no command can be read from. */
export const unreadable: readonly RawPayload[] = [
  { encoding: 'json/protobuf', data: '{"status":"SHIPPED","reason":"left"}' },
  { encoding: 'binary/protobuf', data: new Uint8Array([8, 1, 255]) },
  { encoding: 'binary/encrypted', data: new Uint8Array([0, 255, 3]) },
  { encoding: 'binary/plain', data: '{"reason":"x"}' },
  { encoding: 'binary/null', data: '' },
  { encoding: 'json/plain', data: '{"reason":' },
  { encoding: 'json/plain', data: '' },
  { encoding: 'json/plain', data: new Uint8Array([255, 254, 0]) },
  { encoding: 'json/plain', data: 'null' },
  { encoding: 'json/plain', data: '"changeStatus"' },
  { encoding: 'JSON/PLAIN', data: '{"reason":"x"}' },
  { encoding: 'no such encoding', data: '{}' },
  { encoding: '', data: '' },
  { encoding: undefined, data: '{}' },
];
