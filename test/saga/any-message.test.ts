import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import type { DirectCommandRecord } from '../../src/domain/direct-command.ts';
import { anyMessage, type AnyMessage } from './plans/any-message.ts';
import type { AnyActivities } from './plans/attempts.ts';
import { input } from './plans/order.ts';
import { SimulatedServer } from './plans/simulated-server.ts';
import type { Answer } from './plans/updates.ts';
import { VirtualClock } from './plans/virtual-clock.ts';
import { loadWorkflows } from './plans/workflow-runtime.ts';

const file = inject('workflowBundle');
const runtime = loadWorkflows(readFileSync(file, 'utf8'), file);

const RUNS = 300;

/** More events than it takes until a workflow waits for nothing but time. */
const STEPS = 60;

interface Kind {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly input: unknown;
  /** A command that the workflow obeys wherever it stands. */
  readonly good: string;
  readonly activities: AnyActivities;
}

const order = {
  workflowType: 'CreateOrder',
  workflowId: `order-${input.orderId}`,
  good: 'cancelOrder',
  activities: {
    reserveInventory: async () => ({ id: 'r1', expiresAt: '2100-01-01T00:00:00.000Z' }),
    releaseInventoryIfReserved: async () => {},
    refundPaymentIfCharged: async () => ({ refundedMinor: 0, byHandMinor: 0 }),
    chargePayment: async () => ({ paymentId: 'p1' }),
    confirmOrder: async () => ({ status: 'CONFIRMED' }),
    notifyCustomer: async () => {},
    recordStatus: async ({ to }: { to: string }) => ({ status: to }),
    recordSagaState: async () => {},
  },
};

const kinds: Readonly<Record<string, Kind>> = {
  'an order that is confirmed': { ...order, input },
  'an import that waits for its orders': {
    workflowType: 'ImportOrders',
    workflowId: 'import-i1',
    input: { importId: 'i1', total: 0, inFlight: 4 },
    good: 'cancelImport',
    activities: {
      settleImportRows: async () => ({ open: 1 }),
      recordImportStatus: async ({ status }: { status: string }) => ({ status }),
      cancelImportRest: async () => ({ status: 'CANCELLED' }),
    },
  },
};

test.each(Object.entries(kinds))(
  '%s fails no workflow task whatever is sent to it, does nothing that it refuses, and obeys the next good command',
  async (_, kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), async (messages) => {
        const life = startLife(kind);
        await life.settle();
        const before = life.calls();
        const answers = messages.map((message, index) => life.send(message, `update-${index}`));
        await life.settle();

        expect(life.server.defects).toEqual([]);
        const isChanged = life.audited.some(({ outcome }) => outcome === 'accepted');
        expect(isChanged ? [] : life.calls()).toEqual(isChanged ? [] : before);
        for (const answer of answers) expect(answer.current).not.toBeUndefined();
        const expected = life.server.ending() ? 'closed' : 'done';
        const good = life.command(kind.good, { reason: 'enough', actor: 'property' });
        await life.settle();
        expect(life.server.defects).toEqual([]);
        expect(good.current?.kind).toBe(expected);
      }),
      { numRuns: RUNS },
    );
  },
  600_000,
);

/** Runs one workflow, and notes which activities it runs. */
function startLife({ workflowType, workflowId, input: given, activities }: Kind) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const audited: DirectCommandRecord[] = [];
  const ran: string[] = [];
  const noted = Object.entries(activities).map(([name, run]): [string, AnyActivities[string]] => [
    name,
    (argument) => {
      if (name !== 'settleImportRows') ran.push(name);
      return run(argument);
    },
  ]);
  const auditCommand = async (record: DirectCommandRecord) => void audited.push(record);
  const all = { ...Object.fromEntries(noted), auditCommand };
  const parts = { clock, runtime, activities: all, workflowType, workflowId, input: given, forgetsUpdates: false };
  const server = new SimulatedServer(parts);
  const updateRaw = (id: string, name: string, payloads: readonly unknown[]) => {
    const answer: { current?: Answer } = {};
    server.updateRaw(id, name, payloads, (current) => (answer.current = current));
    return answer;
  };
  return {
    server,
    audited,
    calls: () => [...ran],
    send: ({ name, by, payloads }: AnyMessage, id: string): { current?: Answer } => {
      if (by === 'update') return updateRaw(id, name, payloads);
      server.signalRaw(name, payloads);
      return { current: { kind: 'done', result: undefined } };
    },
    command: (name: string, command: unknown) => {
      const answer: { current?: Answer } = {};
      server.update('good', name, command, (current) => (answer.current = current));
      return answer;
    },
    settle: async () => {
      for (let step = 0; step < STEPS && (await clock.step()); step += 1);
    },
  };
}
