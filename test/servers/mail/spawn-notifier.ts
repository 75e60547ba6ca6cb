import { startProcess } from '../../../dev/local/node-process.ts';
import { freePort } from '../../../dev/local/free-port.ts';
import { kill, type ServerProcess } from '../../../dev/local/server-process.ts';
import { respondsOk } from '../../../dev/local/node-process.ts';

/** A notifier in a process of its own. */
export interface NotifierProcess {
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
  readonly stop: ServerProcess['stop'];
  /** What Prometheus reads. */
  readonly figures: () => Promise<string>;
  /** What it has logged, a record a line. */
  readonly log: readonly string[];
}

/** Starts one with these settings, and waits until it is connected to its broker. */
export async function spawnNotifier(settings: Readonly<Record<string, string>>): Promise<NotifierProcess> {
  const { PATH, HOME } = process.env;
  const [probePort, metricsPort] = [await freePort(), await freePort()];
  const env = {
    PATH,
    HOME,
    SMTP_FROM: 'The Shop <orders@shop.example.com>',
    SHOP_TIME_ZONE: 'Europe/Berlin',
    MAIL_RETRY_DELAYS: '300ms,1s',
    PROBE_PORT: String(probePort),
    METRICS_PORT: String(metricsPort),
    ALLOW_KNOWN_SECRETS: 'true',
    ...settings,
  };
  const log: string[] = [];
  const child = await startProcess({ main: 'src/main-notifier', env, log: (line) => log.push(line) }, () =>
    respondsOk(`http://127.0.0.1:${probePort}/readyz`),
  );
  return {
    kill: async () => {
      kill(child.pid, 'SIGKILL');
      await child.exited;
    },
    stop: child.stop,
    figures: async () => await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    log,
  };
}
