import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** The console's client at the provider. */
export const client = { id: 'console', secret: 'a secret that both sides know' };

/** A certified OpenID Connect provider that lets everybody in under any password; who they are, `ann-support` for one, says what they may. */
export async function startProvider(consoleUrl: string) {
  // The issuer has the port in it, which is known once it listens.
  const waiting = new Provider('http://localhost');
  const probe = waiting.listen(0);
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${consoleUrl}/console/sign-in/callback`],
        post_logout_redirect_uris: [`${consoleUrl}/console/signed-out`],
      },
    ],
    claims: { openid: ['sub', 'groups'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `Person ${sub}`, groups: [`shop-${sub.split('-').at(-1) ?? ''}`] }),
    }),
  });
  const server = provider.listen(port);
  return {
    issuer,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
