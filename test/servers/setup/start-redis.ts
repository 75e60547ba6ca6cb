import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from '../../../dev/local/free-port.ts';
import { eventually } from '../../setup/eventually.ts';
import { findDebianProgram } from './find-program.ts';

/** A Redis server on a port of its own, with its data in a folder of its own. */
export interface RedisServer {
  readonly url: string;
  /** Ends it at once, as a crash does; {@link RedisServer.start} starts it again with what it has saved. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops it in the middle, so that it takes connections and answers nothing, or lets it go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Sends a command past the product. */
  readonly command: (...words: string[]) => Promise<unknown>;
  readonly destroy: () => Promise<void>;
}

/** Starts Debian's redis-server; rejects with what to install when it isn't there. */
export async function startRedisServer(): Promise<RedisServer> {
  const program = await findDebianProgram('redis-server', 'redis-server');
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'redis-'))];
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const command = async (...words: string[]) => {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  };
  const start = async () => {
    child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder], { stdio: 'ignore' });
    await eventually(() => command('PING'));
  };
  const kill = async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    command,
    destroy: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
