import * as oauth from 'oauth4webapi';
import { fetch, type Dispatcher } from 'undici';
import type { OAuthClient } from '../config/service-settings.ts';
import type { TokenSource } from './service-credentials.ts';

/** How long a request for a token may take; whoever waits for it has a limit of their own. */
const REQUEST_LIMIT_MS = 5_000;

/** How long before its end a token is replaced, so that none ends on its way; of a short-lived one, a fifth of its life. */
const RENEWAL_MS = 30_000;

/** A replacement that is refused as well within this time is no reason to ask for another one. */
const REPLACEMENT_REST_MS = 5_000;

/** A token without a stated end is replaced when it is refused. */
interface Held {
  readonly token: string;
  /** These by `performance.now()`, which no change of the clock moves. */
  readonly gotAt: number;
  readonly renewAt: number;
  readonly endsAt: number;
  readonly isReplacement: boolean;
}

/**
 * Tokens that an OAuth server gives this client for itself (RFC 6749, client credentials). A token serves until shortly before its end;
 * one is requested at a time, for all who wait. While no new one can be had, one that has not ended yet serves on.
 */
export function oauthTokens(client: OAuthClient, dispatcher: Dispatcher | undefined): TokenSource {
  let held: Held | undefined;
  let requested: Promise<Held> | undefined;
  const request = (isReplacement: boolean): Promise<Held> => {
    requested ??= requestToken(client, dispatcher, isReplacement)
      .then((got) => (held = got))
      .finally(() => (requested = undefined));
    return requested;
  };
  return {
    current: async () => {
      if (held && performance.now() < held.renewAt) return held.token;
      try {
        return (await request(false)).token;
      } catch (error) {
        if (held && performance.now() < held.endsAt) return held.token;
        throw error;
      }
    },
    replace: async (refused) => {
      if (held && held.token !== refused) return held.token;
      const isHopeless = held?.isReplacement === true && performance.now() < held.gotAt + REPLACEMENT_REST_MS;
      if (isHopeless) return undefined;
      return (await request(true)).token;
    },
  };
}

async function requestToken(
  { tokenUrl, clientId, clientSecret, scope }: OAuthClient,
  dispatcher: Dispatcher | undefined,
  isReplacement: boolean,
): Promise<Held> {
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  const answer = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(clientSecret),
    scope === undefined ? {} : { scope },
    {
      // Whether http:// will do is said by the address that was configured.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: async (address, { body, headers, method, redirect }) => {
        const signal = AbortSignal.timeout(REQUEST_LIMIT_MS);
        const got = await fetch(address, {
          body,
          headers,
          method,
          redirect,
          signal,
          ...(dispatcher && { dispatcher }),
        });
        const contentType = got.headers.get('content-type') ?? '';
        return new Response(await got.text(), { status: got.status, headers: { 'content-type': contentType } });
      },
    },
  );
  const gotAt = performance.now();
  const { access_token: token, expires_in: seconds } = await oauth.processClientCredentialsResponse(
    server,
    client,
    answer,
  );
  const lifeMs = seconds === undefined ? Infinity : seconds * 1_000;
  const renewAt = gotAt + lifeMs - Math.min(RENEWAL_MS, lifeMs === Infinity ? 0 : lifeMs / 5);
  return { token, gotAt, renewAt, endsAt: gotAt + lifeMs, isReplacement };
}
