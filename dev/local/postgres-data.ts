import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownByPostgresUser, wrapForPostgresUser } from './postgres-user.ts';
import { runCommand } from './run-command.ts';
import type { LogLine } from './server-process.ts';

/** Where the data is and how durable it has to be. */
export interface PostgresData {
  dataDir: string;
  log: LogLine;
  /** Of the superuser `postgres`. */
  password: string;
  /** False: a crash of the machine may lose commits. For the data of tests. */
  durable?: boolean;
}

// It takes a second; a slow disk may take much longer.
const LIMIT_MS = 60_000;

/** Creates the data directory of a PostgreSQL server. */
export async function makeDataDirectory(
  initdb: string,
  { dataDir, log, password, durable }: PostgresData,
): Promise<void> {
  // initdb refuses the folder that an interrupted initdb leaves.
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { mode: 0o700 });
  await ownByPostgresUser(dataDir);
  const passwordFile = join(dirname(dataDir), `.postgres-password-${process.pid}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await ownByPostgresUser(passwordFile);
  const args = [`--pgdata=${dataDir}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push(
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--lc-messages=C',
  );
  if (durable === false) args.push('--no-sync');
  try {
    const [command, ...rest] = await wrapForPostgresUser([initdb, ...args], dataDir);
    await runCommand(command, rest, { limitMs: LIMIT_MS });
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not create its data directory ${dataDir}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  log('database cluster created');
}
