import { ApplicationFailure } from '@temporalio/workflow';
import type { ChangeStatusCommand } from '../src/domain/messages.ts';
import { failureTypes } from '../src/domain/failures.ts';
import { untilWritten } from './activity-options.ts';
import { isCapturedLater } from './authorize-payment.ts';
import type { OrderRun } from './order-run.ts';
import { commitStatus } from './record-status.ts';
import { runRegularActivity, type ActivityCall, type Output } from './run-activity.ts';

/** Moves an order on by hand; a shipment of a part of it leaves the status as it is. Throws the refusal of a shipment. */
export async function changeStatus(order: OrderRun, command: ChangeStatusCommand): Promise<void> {
  const { status: to, actor, reason, carrier, tracking_number, command_id, items } = command;
  const key = `command:${command_id}`;
  const isTracked = carrier !== undefined || tracking_number !== undefined;
  const tracking = isTracked ? { carrier: carrier ?? null, number: tracking_number ?? null } : undefined;
  const isCapturing = to === 'SHIPPED' && isCapturedLater(order);
  const captured = isCapturing ? await captureShipment(order, { key, items }) : {};
  if (items) {
    const shipment = { ...captured, key, items, tracking: tracking ?? { carrier: null, number: null }, actor, reason };
    if (!(await isLastShipment(order, shipment))) return;
  }
  await commitStatus(order, { to, key, actor, reason, tracking, sagaState: 'COMPLETED', ...captured });
}

/**
 * Takes what the order has to have paid once these goods have left. Not on the fast path, as what follows it: a shipment is in the history
 * before anything is taken for it.
 */
export async function captureShipment(
  order: OrderRun,
  what: Pick<ActivityCall<'captureShipment'>['input'], 'key' | 'items' | 'amendedMinor'>,
): Promise<Output<'captureShipment'>> {
  const input = { orderId: order.id, paymentMethod: order.state.paymentMethod, ...what };
  const call = { name: 'captureShipment', input, summary: 'capture what is shipped' } as const;
  try {
    const captured = await runRegularActivity(call, untilWritten);
    order.change({ kind: 'paymentOpened', isOpen: false });
    return captured;
  } catch (error) {
    const isDeclined = error instanceof ApplicationFailure && error.type === failureTypes.paymentDeclined;
    if (isDeclined) order.change({ kind: 'paymentOpened', isOpen: true });
    throw error;
  }
}

type Shipment = Omit<ActivityCall<'recordShipment'>['input'], 'orderId'>;

/** Ships a part of the goods, unless it is all that is left: then the order as a whole is shipped. */
async function isLastShipment(order: OrderRun, shipment: Shipment): Promise<boolean> {
  const input = { orderId: order.id, ...shipment };
  const call = { name: 'recordShipment', input, summary: `ship ${shipment.items.length} line(s)` } as const;
  // Not on the fast path: a shipment must not be forgotten with a lost task, after which a cancellation may come first.
  const { isLast } = await runRegularActivity(call, untilWritten);
  if (!isLast) order.change({ kind: 'partlyShipped' });
  return isLast;
}
