import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../dev/local/run-command.ts';
import { analystRole, contractFile, openAnalystDatabase } from '../../contracts/analyst-database.ts';
import { findDatacontract } from './find-datacontract.ts';

/** It starts slowly, and asks one question a rule. */
const RUN_LIMIT_MS = 120_000;

let orders: Awaited<ReturnType<typeof openAnalystDatabase>>;
let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-data-'));
  program = await findDatacontract();
  orders = await openAnalystDatabase();
});

afterAll(async () => {
  await orders.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs datacontract-cli on the contract, with this database for its server; rejects with what it finds wrong. */
async function runContract(command: 'lint' | 'test'): Promise<string> {
  const { hostname, port, pathname } = new URL(orders.url);
  const text = await readFile(contractFile, 'utf8');
  const file = join(folder, 'contract.yaml');
  await writeFile(
    file,
    text
      .replace('${DB_HOST}', hostname)
      .replace('port: 5432', `port: ${port}`)
      .replace('database: orders', `database: ${pathname.slice(1)}`),
  );
  const env = {
    DATACONTRACT_POSTGRES_USERNAME: analystRole.name,
    DATACONTRACT_POSTGRES_PASSWORD: analystRole.password,
  };
  return await runCommand(program, [command, file], { env: { ...process.env, ...env }, limitMs: RUN_LIMIT_MS });
}

test('the data contract is one by the public standard', async () => {
  expect(await runContract('lint')).toMatch(/valid/);
});

test('the database keeps the contract as its public checker reads it, as the role of an analyst', async () => {
  expect(await runContract('test')).toMatch(/is valid/);
});

test('the public checker names the rule that a row breaks', async () => {
  await sql`update order_status_history set from_status = 'DELIVERED' where to_status = 'CONFIRMED'`.execute(orders.db);
  await expect(runContract('test')).rejects.toThrow(/legal_transitions|follows only from/);
});
