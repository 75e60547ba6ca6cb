import { startProcess } from '../../../dev/local/node-process.ts';
import { kill, type ServerProcess } from '../../../dev/local/server-process.ts';

/** A worker's share in Kafka, in a process of its own. */
export interface KafkaProcess {
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
  readonly stop: ServerProcess['stop'];
}

/** Starts one on a database, with the settings of a broker. */
export async function spawnKafkaProcess(
  databaseUrl: string,
  settings: Readonly<Record<string, string>>,
): Promise<KafkaProcess> {
  let isWorking = false;
  const { PATH, HOME } = process.env;
  const own = { PATH, HOME, DATABASE_URL: databaseUrl, METRICS_PORT: '0', ALLOW_KNOWN_SECRETS: 'true', ...settings };
  const log = (line: string) => {
    if (line === 'working') isWorking = true;
  };
  const child = await startProcess({ main: 'test/servers/kafka/kafka-process', env: own, log }, async () => isWorking);
  return {
    kill: async () => {
      kill(child.pid, 'SIGKILL');
      await child.exited;
    },
    stop: child.stop,
  };
}
