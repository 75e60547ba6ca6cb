import type { Dispatcher } from 'undici';
import type { ServiceEndpoint } from '../config/service-settings.ts';

/** What a call shows so that its service answers. */
export interface TokenSource {
  /** A token to call with. */
  readonly current: () => Promise<string>;
  /** A token instead of one that the service has refused; `undefined` when there is no other. */
  readonly replace: (refused: string) => Promise<string | undefined>;
}

/** The tokens of an endpoint; `undefined` when it is called without one. OAuth is loaded only where it is used. */
export function tokenSourceOf({ token, oauth }: ServiceEndpoint, dispatcher?: Dispatcher): TokenSource | undefined {
  if (token !== undefined) return { current: () => Promise.resolve(token), replace: () => Promise.resolve(undefined) };
  if (oauth === undefined) return undefined;
  let loaded: Promise<TokenSource> | undefined;
  const load = () => (loaded ??= import('./oauth-tokens.ts').then(({ oauthTokens }) => oauthTokens(oauth, dispatcher)));
  return {
    current: async () => (await load()).current(),
    replace: async (refused) => (await load()).replace(refused),
  };
}

/** Whether an OAuth server has answered that this client may not have a token. */
export function isClientRefused(error: unknown): boolean {
  return (
    error instanceof Error && 'error' in error && typeof error.error === 'string' && error.error !== 'server_error'
  );
}

/** Why there is no token, in a few words that hold nothing secret: what the OAuth server calls it, or how the connection failed. */
export function reasonOfNoToken(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'no answer in time';
  if ('error' in error && typeof error.error === 'string') return error.error;
  const code = codeOf(error);
  return code ?? 'an answer that is not one of OAuth';
}

function codeOf(error: Error): string | undefined {
  if (error.cause instanceof Error) return codeOf(error.cause) ?? ownCode(error);
  return ownCode(error);
}

function ownCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
