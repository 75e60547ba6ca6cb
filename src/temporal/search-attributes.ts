import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { orderSearchAttributes } from '../domain/search-attributes.ts';

/** A server refreshes its namespaces every 10 s by default; after three of these something is wrong. */
const USABLE_LIMIT_MS = 30_000;

/**
 * Adds the search attributes that `namespace` lacks and waits until it knows them all; does nothing when it has them.
 * Rejects when the server refuses, or when an attribute of the same name has another type.
 */
export async function ensureSearchAttributes(
  connection: Connection | NativeConnection,
  namespace: string,
): Promise<void> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(
    missing.flatMap(({ name, type }) => {
      const encoded = encodeSearchAttributeIndexedValueType(type);
      return encoded === undefined ? [] : [[name, encoded] as const];
    }),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch((error: unknown) => {
    // Another process was faster; whether they are there is checked below.
    if (!/already exist/i.test(String(error))) throw error;
  });
  const deadline = Date.now() + USABLE_LIMIT_MS;
  while ((await missingAttributes(connection, namespace)).length > 0 || !(await areQueryable(connection, namespace))) {
    if (Date.now() > deadline) throw new Error(`Search attributes of namespace "${namespace}" are not usable`);
    await delay(100);
  }
}

async function missingAttributes(connection: Connection | NativeConnection, namespace: string) {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return orderSearchAttributes.filter(({ name, type }) => {
    const found = customAttributes[name];
    if (found === undefined || found === null) return true;
    if (found === encodeSearchAttributeIndexedValueType(type)) return false;
    throw new Error(`Search attribute ${name} of namespace "${namespace}" must be of type ${type}`);
  });
}

/** A namespace may list an attribute before queries can use it. */
async function areQueryable(connection: Connection | NativeConnection, namespace: string): Promise<boolean> {
  const query = orderSearchAttributes.map(({ name }) => `${name} IS NULL`).join(' AND ');
  return await connection.workflowService.countWorkflowExecutions({ namespace, query }).then(
    () => true,
    () => false,
  );
}
