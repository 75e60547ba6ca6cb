import type { SagaConfig } from '../config.ts';
import { CREATE_ORDER, type ResumePoint } from '../domain/messages.ts';
import { resumeInput, type ResumableOrder } from '../domain/resume-order.ts';
import type { TemporalConnection } from './connection.ts';
import { orderStartOptions } from './start-options.ts';

/** How a new run resumes an order, and after which end of the run before. */
export interface Resumption {
  /** Set when the new run shall cancel the order. */
  readonly cancel?: ResumePoint['cancel'];
  /**
   * `failed`: only when the run before didn't come to its own end; Temporal decides, should somebody else resume the order just now.
   * `any`: a run that has ended well is followed by another one.
   */
  readonly after: 'failed' | 'any';
}

/** Starts a new run of an order's workflow, which resumes the order where it stands. Rejects while a run is open. */
export async function resumeOrder(
  { client }: TemporalConnection,
  config: SagaConfig,
  resumable: ResumableOrder,
  { after, cancel }: Resumption,
): Promise<void> {
  const options = orderStartOptions(resumable.order, config);
  const [input] = options.args;
  await client.workflow.start(CREATE_ORDER, {
    ...options,
    workflowIdReusePolicy: after === 'failed' ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE',
    // What was authorised is captured as it was to be, whatever is set by now.
    args: [
      {
        ...input,
        ...(resumable.isAuthorized && { paymentCapture: 'shipment' }),
        resume: { ...resumeInput(resumable, config.order.returnWindowMs), cancel },
      },
    ],
  });
}
