import {
  condition,
  defineSignal,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { orderStatusAttribute } from '../../src/domain/search-attributes.ts';

/** The activities of {@link bareOrder}. */
export interface BareSteps {
  readonly takeStep: (orderId: string) => Promise<void>;
  readonly confirm: (orderId: string) => Promise<void>;
}

const { takeStep, confirm } = proxyLocalActivities<BareSteps>({ startToCloseTimeout: '2s' });
const close = defineSignal('close');

/** What an order costs on Temporal at least: so many local steps, one change of a search attribute, and a wait. */
export async function bareOrder({ orderId, steps }: { orderId: string; steps: number }): Promise<void> {
  let isClosed = false;
  setHandler(close, () => {
    isClosed = true;
  });
  for (let step = 1; step < steps; step += 1) await takeStep(orderId);
  await confirm(orderId);
  upsertSearchAttributes([{ key: orderStatusAttribute, value: 'CONFIRMED' }]);
  await condition(() => isClosed);
}
