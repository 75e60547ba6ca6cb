import { expect } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';

/** Lets a step fail until its saga is parked, and the service recover. */
export async function park(
  rig: SagaRig,
  id: string,
  step: string,
  begin: () => Promise<unknown>,
  fault: Partial<Fault> = {},
) {
  const down = { service: 'payment', operation: '*', mode: 'down', match: { order_id: id }, ...fault } as Fault;
  const { body } = await rig.fault(down);
  const begun = begin();
  begun.catch(() => {});
  await isParked(rig, id, step);
  await rig.removeFault(body.id);
}

/** Waits until a step is parked, and shows it everywhere. */
export async function isParked(rig: SagaRig, id: string, step: string, problem = /./) {
  await eventually(async () => {
    const row = (await rig.ledgerRows(id)).find((one) => one.step === step);
    expect(row).toMatchObject({ state: 'FAILED', last_error: expect.stringMatching(problem) });
    expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION');
    const { searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes['NeedsAttention']).toEqual([true]);
  });
}

/** Decides as an operator on a parked step. */
export function decide(rig: SagaRig, id: string, step: string, more: Record<string, string> = {}) {
  return rig.command(id, 'resolveStep', { step, action: 'resolve', ...more } as never);
}

/** What was charged and refunded of an order, in the order in which it was written. */
export async function transactionsOf(rig: SagaRig, id: string) {
  const rows = await rig.transactions(id);
  return rows.map(({ provider, kind, amount_minor: minor }) => `${provider} ${kind} ${minor}`).toSorted();
}
