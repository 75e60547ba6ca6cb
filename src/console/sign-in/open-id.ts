import * as openid from 'openid-client';
import type { ProviderConfig } from '../../config.ts';
import { personOfClaims, type Claims } from './person-of-claims.ts';
import type { Person } from './session.ts';

/** What a sign-in that has begun has to be completed with; the browser keeps it meanwhile. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signing in at an OpenID Connect provider: the authorisation code flow with PKCE. Every function rejects when the provider can't be reached. */
export interface OpenId {
  /** The provider's page to send the browser to. */
  readonly begin: () => Promise<{ readonly url: URL; readonly begun: BegunSignIn }>;
  /** Who came back with this query; rejects when the answer is not one to what was begun. `undefined`: somebody without a usable name. */
  readonly complete: (query: string, begun: BegunSignIn) => Promise<Person | undefined>;
  /** The provider's page that ends the session there, where it has one. */
  readonly signOutUrl: () => Promise<URL | undefined>;
}

/** How long a provider may take to answer: somebody waits. */
const PROVIDER_TIMEOUT_SECONDS = 10;

/** The provider is asked what it offers when the first person signs in, and again after a failure. */
export function createOpenId(provider: ProviderConfig): OpenId {
  let discovered: Promise<openid.Configuration> | undefined;
  const configuration = async () => {
    discovered ??= discover(provider);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  };
  return {
    begin: async () => {
      const config = await configuration();
      const begun = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
      };
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: provider.redirectUri,
        scope: provider.scope,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { url, begun };
    },
    complete: async (query, { state, nonce, verifier }) => {
      const config = await configuration();
      const answer = new URL(provider.redirectUri);
      answer.search = query;
      const tokens = await openid.authorizationCodeGrant(config, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return personOfClaims(await claimsOf(config, tokens), provider);
    },
    signOutUrl: async () => {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return openid.buildEndSessionUrl(config, { post_logout_redirect_uri: provider.signedOutUri });
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: ProviderConfig): Promise<openid.Configuration> {
  const { protocol, hostname } = new URL(issuer);
  const isLocal = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return await openid.discovery(
    new URL(issuer),
    clientId,
    clientSecret,
    clientSecret === undefined ? openid.None() : undefined,
    {
      timeout: PROVIDER_TIMEOUT_SECONDS,
      // Without TLS on this machine only.
      execute: isLocal ? [openid.allowInsecureRequests] : [],
    },
  );
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/** The ID token's claims come last: they are signed. */
async function claimsOf(config: openid.Configuration, tokens: Tokens): Promise<Claims> {
  const signed = tokens.claims();
  if (!signed) return {};
  if (config.serverMetadata().userinfo_endpoint === undefined) return signed;
  return { ...(await openid.fetchUserInfo(config, tokens.access_token, signed.sub)), ...signed };
}
