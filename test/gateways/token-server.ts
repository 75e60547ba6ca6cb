import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** An OAuth server with one client, and the tokens that it has given. */
export interface TokenServer {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly given: readonly { readonly token: string; readonly scope: string | undefined }[];
  stop(): Promise<void>;
}

/** Starts a certified provider that gives tokens for client credentials, each for `lifeSeconds`. */
export async function startTokenServer({ lifeSeconds }: { readonly lifeSeconds: number }): Promise<TokenServer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  // Characters that Basic authentication has to encode.
  const client = { client_id: 'order saga', client_secret: 'a secret: of 100 % length+more' };
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    scopes: ['payments.write'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: lifeSeconds },
  });
  const given: { token: string; scope: string | undefined }[] = [];
  provider.on('client_credentials.saved', ({ jti, scope }) => given.push({ token: jti, scope }));
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    tokenUrl: `${issuer}/token`,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    given,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
