import type { AmendmentPlan } from '../domain/amendment.ts';
import type { AmendItemsCommand } from '../domain/messages.ts';
import type { AmendmentRules } from '../domain/order-rules.ts';
import { Refusal } from '../domain/refusal.ts';
import { deleteEdit, findEdit } from '../repositories/order-edits.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import { findAmendmentFacts, type AmendmentGateways } from './find-amendment-facts.ts';
import type { OrderWriter } from './order-writer.ts';
import { recordAmendmentPlan } from './record-amendment-plan.ts';

/** What planning an amendment takes. */
export interface AmendmentPlanner extends OrderWriter {
  readonly gateways: AmendmentGateways;
}

/**
 * Plans an amendment: looks up what it depends on, decides by the domain, and puts the plan on record. The same command gets the same
 * plan again. Throws VALIDATION, VERSION_CONFLICT, ORD001 and ORD005.
 */
export async function planAmendment(
  planner: AmendmentPlanner,
  { orderId, command }: { readonly orderId: string; readonly command: AmendItemsCommand },
  rules: AmendmentRules,
): Promise<AmendmentPlan> {
  const order = await findOrderWithItems(planner.db, orderId);
  if (!order) throw new Error(`no order ${orderId}`);
  const details = command.change === 'redirect' ? await findEdit(planner.db, orderId, command.command_id) : undefined;
  try {
    const facts = await findAmendmentFacts(planner.gateways, order, command, { details, taxRates: rules.taxRates });
    return await recordAmendmentPlan(planner, { orderId, command, facts, rules });
  } catch (error) {
    if (details && error instanceof Refusal) await deleteEdit(planner.db, orderId, command.command_id);
    throw error;
  }
}
