// The order without an engine: what is under way when the process dies stays half done.
import { openDoor, settings } from './door.ts';
import { openRows } from './rows.ts';

const { services, databaseUrl } = settings;
const rows = await openRows(databaseUrl, 'straight');

openDoor(async (order) => {
  if (!(await rows.insert(order, 'PENDING'))) throw new Error('this idempotency key has been used');
  const compensations: (() => Promise<void>)[] = [];
  try {
    compensations.unshift(() => services.release(order));
    const reservationId = await services.reserve(order);
    compensations.unshift(() => services.refund(order));
    const paymentId = await services.charge(order);
    await services.commit(order);
    await rows.move(order, 'CONFIRMED', { reservationId, paymentId });
  } catch (error) {
    for (const compensate of compensations) await compensate();
    const failure = String(error);
    await rows.move(order, 'CANCELLED', { failure });
    return { status: 'CANCELLED', failure };
  }
  // In the background; a failure is ignored.
  services.notify(order).catch(() => {});
  return { status: 'CONFIRMED' };
});
