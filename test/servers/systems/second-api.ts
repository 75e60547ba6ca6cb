import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../../dev/local/free-port.ts';
import { eventually } from '../../setup/eventually.ts';
import type { TestSystem } from '../../e2e/system.ts';

/** A second API process beside a system's own, on its database and Temporal. */
export async function startTestApi(system: TestSystem): Promise<{ url: string; stop: () => Promise<void> }> {
  const { databaseUrl, temporalAddress, sandboxUrl, jwtSecret, jwtIssuer, jwtAudience } = system.running();
  const port = await freePort();
  const settings = {
    ROLE: 'api',
    LOG_LEVEL: 'error',
    RATE_LIMIT: '0',
    API_PORT: String(port),
    METRICS_PORT: '0',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    INVENTORY_URL: sandboxUrl,
    PAYMENT_URL: sandboxUrl,
    CUSTOMER_URL: sandboxUrl,
    NOTIFICATION_URL: sandboxUrl,
    JWT_SECRET: jwtSecret,
    JWT_ISSUER: jwtIssuer,
    JWT_AUDIENCE: jwtAudience,
  };
  const child = spawn(process.execPath, ['src/main-api.ts'], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
