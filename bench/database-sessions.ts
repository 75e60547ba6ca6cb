import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';

/** What a process has open in PostgreSQL, by samples while a load ran. */
export interface Sessions {
  /** The most connections at a time, and how many of them do nothing but LISTEN. */
  readonly connections: number;
  readonly listening: number;
  /** Locks that it holds at a time. */
  readonly meanLocks: number;
  /** The most locks at a time that it waited for. */
  readonly maxWaiting: number;
}

const SAMPLE_INTERVAL_MS = 250;
const LISTENER = 'order-saga-listener';

interface Session {
  readonly port: number;
  readonly name: string;
  readonly held: number;
  readonly waiting: number;
}

/** Samples the sessions of each named process until `stop` is called, which returns them; it works on Linux only. */
export function sampleSessions(
  database: Client,
  pids: Readonly<Record<string, number>>,
): { readonly stop: () => Promise<Readonly<Record<string, Sessions>>> } {
  const stopping = new AbortController();
  const samples: Sample[] = [];
  const sampling = (async () => {
    while (!stopping.signal.aborted) {
      samples.push(await takeSample(database, pids));
      await delay(SAMPLE_INTERVAL_MS);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await sampling;
      const named = Object.keys(pids).map((name) => [name, summarise(samples.map((sample) => sample.get(name) ?? []))]);
      return Object.fromEntries(named) as Record<string, Sessions>;
    },
  };
}

type Sample = ReadonlyMap<string, readonly Session[]>;

async function takeSample(database: Client, pids: Readonly<Record<string, number>>): Promise<Sample> {
  const { rows } = await database.query<Session>(`
    select client_port as port, application_name as name,
           count(*) filter (where granted)::integer as held, count(*) filter (where not granted)::integer as waiting
      from pg_stat_activity left join pg_locks using (pid)
     where client_port > 0
     group by pg_stat_activity.pid, client_port, application_name`);
  const sample = new Map<string, readonly Session[]>();
  for (const [name, pid] of Object.entries(pids)) {
    const ports = await readLocalPorts(pid);
    sample.set(
      name,
      rows.filter(({ port }) => ports.has(port)),
    );
  }
  return sample;
}

function summarise(samples: readonly (readonly Session[])[]): Sessions {
  const held = samples.map((sessions) => sum(sessions.map((session) => session.held)));
  return {
    connections: Math.max(...samples.map((sessions) => sessions.length)),
    listening: Math.max(...samples.map((sessions) => sessions.filter(({ name }) => name === LISTENER).length)),
    meanLocks: sum(held) / held.length,
    maxWaiting: Math.max(...samples.map((sessions) => sum(sessions.map(({ waiting }) => waiting)))),
  };
}

/** Reads the local ports of the TCP connections of a process. */
async function readLocalPorts(pid: number): Promise<ReadonlySet<number>> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  const sockets = new Set(links);
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8')));
  const ports = tables
    .flatMap((table) => table.split('\n').slice(1))
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [, local = ''] = fields;
      return sockets.has(`socket:[${fields[9]}]`) ? [Number.parseInt(local.slice(local.indexOf(':') + 1), 16)] : [];
    });
  return new Set(ports);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
