import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what systems give to outgoing connections and to servers that ask for any port: one of those would be somebody else's
 * before its server listens on it.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** A TCP port on 127.0.0.1 that was free a moment ago, and that nobody gets by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isPortFree(port)) return port;
  }
}

/** Rejects with one message that names each variable whose port something else listens on, or that two of them share. */
export async function requireFreePorts(ports: Record<string, number>): Promise<void> {
  const faults: string[] = [];
  for (const [variable, port] of Object.entries(ports)) {
    const twin = Object.keys(ports).find((other) => other !== variable && ports[other] === port);
    if (twin !== undefined) faults.push(`port ${port} (${variable}) is the same as ${twin}`);
    else if (!(await isPortFree(port))) faults.push(`port ${port} (${variable}) is taken`);
  }
  if (faults.length === 0) return;
  throw new Error(`Nothing was started: ${faults.join(', ')}. Set the variable to another port.`);
}

/** A port may be free on all interfaces and taken on the loopback, or the other way round. */
async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
