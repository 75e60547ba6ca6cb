import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** A run of a workflow, as Temporal lists it. */
export interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** As it is kept: encrypted where there are `PAYLOAD_KEYS`. */
  readonly memo: Readonly<Record<string, Payload>>;
}

/** Runs read at once. */
const PAGE = 500;

/**
 * At most `limit` runs that a query of Temporal's visibility store finds. Their memos are not decrypted, so that one whose key is missing
 * here hides no run. Throws a `ServiceError`, as for an attribute that the server does not know.
 */
export async function listRuns(
  { options, workflowService }: Client,
  query: string,
  limit: number,
): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  const { namespace } = options;
  let nextPageToken: Uint8Array | undefined;
  do {
    // Each page continues the one before.
    // oxlint-disable-next-line no-await-in-loop
    const page = await workflowService
      .listWorkflowExecutions({
        namespace,
        query,
        pageSize: Math.min(PAGE, limit),
        ...(nextPageToken && { nextPageToken }),
      })
      .catch((error: unknown) => {
        throw isGrpcServiceError(error) ? new ServiceError('Workflows can not be listed', { cause: error }) : error;
      });
    for (const { execution, memo } of page.executions) {
      const { workflowId, runId } = execution ?? {};
      if (workflowId && runId) runs.push({ workflowId, runId, memo: memo?.fields ?? {} });
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length && runs.length < limit);
  return runs.slice(0, limit);
}
