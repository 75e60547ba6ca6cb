import type { Generated } from 'kysely';
import type { DisabledReason } from '../../domain/webhook-endpoint.ts';

/** Receivers of events; secrets are sealed, and times of deliveries are the database's. */
export interface WebhookEndpointsTable {
  id: string;
  url: string;
  event_types: string[];
  description: string | null;
  enabled: Generated<boolean>;
  is_configured: Generated<boolean>;
  secret: string;
  previous_secret: string | null;
  previous_secret_until: Date | null;
  disabled_reason: DisabledReason | null;
  disabled_at: Date | null;
  failures: Generated<number>;
  failing_since: Date | null;
  last_failed_at: Date | null;
  retry_at: Generated<Date>;
  last_error: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
