import { randomInt } from 'node:crypto';
import getPort from 'get-port';

/**
 * Below the ports that systems give to outgoing connections and to servers that ask for any port: one of those could be taken
 * before the server that it was chosen for listens on it.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** Returns a TCP port that was free when checked, outside the range of ports that the system assigns. */
export async function freePort(): Promise<number> {
  return await getPort({ port: randomPorts() });
}

function* randomPorts(): Generator<number> {
  for (;;) yield randomInt(FIRST_PORT, LAST_PORT);
}

/** Rejects when a port is in use or two variables have the same one; the message names each such variable. */
export async function requireFreePorts(ports: Record<string, number>): Promise<void> {
  const faults: string[] = [];
  for (const [variable, port] of Object.entries(ports)) {
    const twin = Object.keys(ports).find((other) => other !== variable && ports[other] === port);
    if (twin !== undefined) faults.push(`port ${port} (${variable}) is the same as ${twin}`);
    else if ((await getPort({ port })) !== port) faults.push(`port ${port} (${variable}) is taken`);
  }
  if (faults.length === 0) return;
  throw new Error(`Nothing was started: ${faults.join(', ')}. Set the variable to another port.`);
}
