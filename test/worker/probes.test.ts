import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { serveProbes } from '../../src/serve-probes.ts';

let close: (() => void) | undefined;
afterEach(() => close?.());

test('a worker lives as long as it answers, and is ready while what it needs is', async () => {
  const port = await freePort();
  let state: 'ready' | 'waits' | 'fails' = 'ready';
  const isReady = async () => {
    if (state === 'fails') throw new Error('Temporal is away');
    return state === 'ready';
  };
  ({ close } = await serveProbes(port, isReady));
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect([await status('/healthz'), await status('/readyz'), await status('/')]).toEqual([200, 200, 404]);
  state = 'waits';
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
  state = 'fails';
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
});

test('a port for probes that is taken is an error that names the variable', async () => {
  const port = await freePort();
  ({ close } = await serveProbes(port, () => Promise.resolve(true)));
  await expect(serveProbes(port, () => Promise.resolve(true))).rejects.toThrow(
    `Port ${port} is taken: set PROBE_PORT to another one`,
  );
});
