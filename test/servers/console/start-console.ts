import getPort from 'get-port';
import { createAccess } from '../../../src/access/access.ts';
import { openConsole } from '../../../src/console/open-console.ts';
import { listen } from '../../../src/http/listen.ts';
import { JWT_SECRET, token } from '../../http/api-rig.ts';
import { createApiOverRig } from '../../setup/api-over-rig.ts';
import { startSagaRig } from '../../setup/saga-rig.ts';
import { client, startProvider } from './start-provider.ts';

/** The console over everything that an order passes through, with people who sign in at a provider. */
export async function startConsole() {
  const port = await getPort();
  const url = `http://localhost:${port}`;
  const provider = await startProvider(url);
  const rig = await startSagaRig({
    JWT_SECRET,
    RATE_LIMIT: '0',
    STEP_PATIENCE: '5s',
    // A person decides on `tok_review`.
    REVIEW_URL: 'sandbox',
    REVIEW_PATIENCE: '1s',
    IMPORT_CUSTOMER: 'alice',
    IMPORT_CURRENCY: 'EUR',
    IMPORT_COUNTRY: 'GB',
    IMPORT_PAYMENT_METHOD: 'tok_ok',
    CONSOLE_URL: url,
    CONSOLE_TOKEN_SIGN_IN: 'true',
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    OIDC_ROLES_CLAIM: 'groups',
    OIDC_ROLES: 'shop-support=support,shop-operator=operator,shop-admin=admin',
  });
  const { config, database, db } = rig;
  const { api, changes } = createApiOverRig(rig);
  // Starts what the start limiter puts off.
  const stopRelay = rig.startRelay();
  const app = openConsole({
    config: config.console!,
    db,
    logger: rig.dependencies.logger,
    access: createAccess({ config, database }),
    api,
    namespace: 'default',
  });
  const server = await listen(app, { host: '127.0.0.1', port });
  const upload = async (file: string, query = '') => {
    const headers = { authorization: `Bearer ${await token('shop', ['service'])}`, 'content-type': 'text/csv' };
    const answer = await api.request(`/api/v1/imports${query}`, { method: 'POST', headers, body: file });
    const { id } = (await answer.json()) as { id: string };
    return id;
  };
  return {
    url,
    rig,
    /** What somebody else does by the API. */
    api: { upload },
    stop: async () => {
      await server.close(1_000);
      await stopRelay();
      await changes.close();
      await provider.stop();
      await rig.stop();
    },
  };
}
