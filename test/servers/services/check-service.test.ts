import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliError } from '../../../src/cli/orders/cli-error.ts';
import { runCheckServiceCommand } from '../../../src/cli/orders/check-service.ts';
import { serviceNames, type CheckedService } from '../../../src/config/service-settings.ts';
import { startTestSandbox, type TestSandbox } from '../../dev/sandbox/sandbox.ts';
import { isCharge } from './fault-parts.ts';
import { startFaultyService, type FaultCase } from './faulty-service.ts';
import { otherFaults } from './other-faults.ts';
import { paymentFaults } from './payment-faults.ts';

const faults = [...paymentFaults, ...otherFaults];

const root = join(import.meta.dirname, '../../..');
const trial = [
  ['--sku', 'TEAPOT', '--customer', 'alice', '--payment-method', 'tok_ok'],
  ['--declined-payment-method', 'tok_declined', '--currencies', 'JPY,KWD'],
].flat();

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox(undefined, { isHeldToDocuments: false });
  await sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
});

afterAll(() => sandbox.stop());

/** Runs the command as its users do. */
async function check(service: string, url: string, env: Record<string, string> = {}) {
  const args = ['src/cli/orders/main.ts', 'check-service', service, '--url', url, ...trial, '--json'];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { cwd: root, env, reject: false });
  const results = (JSON.parse(stdout || '{"services": {}}') as Findings).services[service] ?? [];
  return {
    exitCode,
    stderr,
    results,
    broken: results.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id),
  };
}

/** The command's own work in this process: what it finds of each of many services does not depend on the process. */
async function checkHere(service: CheckedService, serviceUrl: string) {
  const [customer, paymentMethod, declinedPaymentMethod] = ['alice', 'tok_ok', 'tok_declined'];
  let findings: Findings = { services: {} };
  const output = {
    json: true,
    print: () => undefined,
    note: () => undefined,
    printJson: (value: unknown) => {
      findings = value as Findings;
    },
  };
  const options = { serviceUrl, sku: 'TEAPOT', customer, paymentMethod, declinedPaymentMethod, currencies: 'JPY,KWD' };
  const failure = await runCheckServiceCommand(output, service, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  const results = findings.services[service] ?? [];
  return { failure, results, broken: results.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id) };
}

interface Findings {
  readonly services: Record<string, { id: string; outcome: string; matters: string; came: string | null }[]>;
}

async function stockTeapots(stock = 100) {
  await sandbox.call('PUT', '/products/TEAPOT', { name: 'Teapot', price: '12.50', currency: 'EUR', stock });
}

test.each(serviceNames)('a right %s service keeps every promise, and nothing stays held or taken', async (service) => {
  await stockTeapots();
  const found = await check(service, sandbox.url);
  expect(found).toMatchObject({ broken: [], exitCode: 0 });
  const { body } = await sandbox.call('GET', '/products/TEAPOT');
  expect(body).toMatchObject({ available: 100, reserved: 0 });
  const { body: totals } = await sandbox.call('GET', '/payments/totals');
  for (const { captured, refunded } of totals.data) expect(refunded).toBe(captured);
});

const isOfInventory = ([service]: FaultCase) => service === 'inventory';

// They are found by counting the stock, which all of them share.
test.each(faults.filter(isOfInventory))('found out: the %s service %s (%s)', findOut);

test.concurrent.each(faults.filter((one) => !isOfInventory(one)))('found out: the %s service %s (%s)', findOut);

async function findOut(...[service, , id, fault]: FaultCase) {
  await stockTeapots(100_000);
  const faulty = await startFaultyService(sandbox.url, fault);
  try {
    const { broken, failure, results } = await checkHere(service, faulty.url);
    expect(broken).toContain(id);
    expect(failure).toBeInstanceOf(CliError);
    expect(results.find((one) => one.id === id)).toMatchObject({
      matters: expect.any(String),
      came: expect.any(String),
    });
  } finally {
    await faulty.stop();
  }
}

test('nothing stays taken after a check that found a fault', async () => {
  const charged = new Set<string>();
  const faulty = await startFaultyService(sandbox.url, (call, next) => {
    if (isCharge(call)) charged.add(call.body.order_id);
    // It takes whatever method there is.
    return isCharge(call) && call.body.payment_method !== 'tok_declined'
      ? next({ body: { ...call.body, payment_method: 'tok_ok' } })
      : next();
  });
  expect((await checkHere('payment', faulty.url)).broken).toEqual(['charge-method-unknown']);
  await faulty.stop();
  const found = await Promise.all([...charged].map((id) => sandbox.call('GET', `/payments/order/${id}`)));
  const payments = found.flatMap(({ body }) => body.data as { status: string }[]);
  expect(payments.length).toBeGreaterThan(20);
  expect(payments.filter(({ status }) => status === 'CAPTURED')).toEqual([]);
});

test('a payment service that only charges breaks no promise by it, and nothing stays taken', async () => {
  const charging = await startFaultyService(sandbox.url, (call, next) =>
    isCharge(call) && call.body.capture === false
      ? Promise.resolve({ status: 400, body: { code: 'VALIDATION' } })
      : next(),
  );
  const { broken, exitCode, results } = await check('payment', charging.url);
  await charging.stop();
  expect({ broken, exitCode }).toEqual({ broken: [], exitCode: 0 });
  expect(results.filter(({ came }) => came?.startsWith('it is not offered')).map(({ id }) => id)).toEqual([
    'authorize-released',
    'capture-repeated',
    'capture-part',
    'capture-exceeds',
    'capture-key-reused',
  ]);
});

test('a service that answers whoever calls is found out, and one that wants its token passes', async () => {
  await stockTeapots();
  const env = { CUSTOMER_TOKEN: 'one-of-its-own' };
  expect(await check('customer', sandbox.url, env)).toMatchObject({ broken: ['access'], exitCode: 1 });
  const guarded = await startFaultyService(sandbox.url, (call, next) =>
    call.authorization === 'Bearer one-of-its-own'
      ? next()
      : Promise.resolve({ status: 401, body: { code: 'UNAUTHENTICATED' } }),
  );
  expect((await check('customer', guarded.url, env)).broken).toEqual([]);
  await guarded.stop();
});

test('every check has a fault that it finds', async () => {
  await stockTeapots();
  const tried = await Promise.all(
    serviceNames.map(async (service) => {
      const { results } = await checkHere(service, sandbox.url);
      return results.map(({ id }) => `${service} ${id}`);
    }),
  );
  const found = new Set(faults.map(([service, , id]) => `${service} ${id}`));
  // A lost reply, a time limit, access and errors are tried alike everywhere, and shown once.
  const alike = /(reply-lost|time-limit|access|error-shape|charge|charge-in-kwd)$/;
  expect(tried.flat().filter((id) => !found.has(id) && !alike.test(id))).toEqual([]);
});
