import type { PrivateSystem } from '../dev/local/private-system.ts';
import type { Target } from './targets.ts';

/** What a part of the bench needs: the bench's own system with many past orders, and a token for it. */
export interface PartContext {
  readonly system: PrivateSystem;
  /** Where the system serves gRPC. */
  readonly grpcUrl: string;
  readonly dataDir: string;
  /** Past orders in the system's table. */
  readonly seeded: number;
  /** `Authorization` of a service. */
  readonly authorization: string;
  readonly posts: { readonly rate: number; readonly seconds: number };
  /** `orders`: of the file that is placed; `megabytes`: the size of each file of past orders. */
  readonly imports: { readonly orders: number; readonly megabytes: number };
  /** `crowd`: orders taken in at once; `confirmed`: how many of them are confirmed before it ends. */
  readonly soak: { readonly crowd: number; readonly confirmed: number };
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** The result of a part: facts as text, and promises with their measurements. */
export interface PartReport {
  readonly facts: readonly string[];
  readonly targets: readonly Target[];
}

/** One part of the bench. */
export type Part = (context: PartContext) => Promise<PartReport>;
