import type { z } from 'zod';

/** A setting is missing or invalid; the message names the variable and says what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The variables of `schema`, checked, as `env` has them; an empty one counts as unset.
 * Throws one {@link ConfigError} that names every variable that is missing or invalid.
 */
export function readVariables<Output>(schema: z.ZodType<Output>, env: NodeJS.ProcessEnv): Output {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given, {
    error: ({ input }) => (input === undefined ? 'is not set' : undefined),
  });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`Missing or invalid settings, see .env.example:\n  ${faults.join('\n  ')}`);
}
