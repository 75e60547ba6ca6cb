import type { Generated } from 'kysely';
import type { Resolution } from '../../domain/messages.ts';
import type { ResolvedCounts, ResolvedState, SagaResolution } from '../../domain/saga-resolution.ts';
import type { SagaAction } from '../../domain/saga.ts';
import type { Json, JsonOrNull } from './json-columns.ts';

/** Decisions on many parked steps at once. */
export interface SagaResolutionsTable {
  id: string;
  subject: string;
  actor: string;
  idempotency_key: string | null;
  body_hash: string;
  filter: Json<SagaResolution['filter']>;
  action: Resolution;
  reason: string;
  workflow_started: Generated<boolean>;
  start_claimed_at: Date | null;
  created_at: Generated<Date>;
  completed_at: Date | null;
  final_counts: JsonOrNull<ResolvedCounts>;
}

/** The steps of a resolution, as they were parked when it was made, and what became of each. */
export interface SagaResolutionOrdersTable {
  resolution_id: string;
  position: number;
  order_id: string;
  saga: string;
  step: SagaAction;
  parked_at: Date;
  state: Generated<ResolvedState>;
  attempts: Generated<number>;
  sent_at: Date | null;
  detail: string | null;
  at: Date | null;
}
