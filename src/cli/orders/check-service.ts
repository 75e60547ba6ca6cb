import { customerChecks, notificationChecks } from '../check-service/other-checks.ts';
import { CHECK_MARK, type Check } from '../check-service/check.ts';
import { inventoryChecks } from '../check-service/inventory-checks.ts';
import { paymentChecks } from '../check-service/payment-checks.ts';
import { reviewChecks } from '../check-service/review-checks.ts';
import { runChecks, type CheckResult } from '../check-service/run-checks.ts';
import { readServiceEndpoint, serviceNames, type CheckedService } from '../../config/service-settings.ts';
import { CliError, UsageError } from './cli-error.ts';
import { paint, stripControls, type Output } from './output.ts';

/** What the options say: where a service is, and what it is tried with. */
export interface CheckServiceOptions {
  readonly serviceUrl?: string;
  readonly sku?: string;
  readonly paymentMethod?: string;
  readonly declinedPaymentMethod?: string;
  readonly currency?: string;
  readonly currencies?: string;
  readonly customer?: string;
}

/** `orders check-service`: tries a service against its protocol. Fails when it breaks a promise. */
export async function runCheckServiceCommand(
  output: Output,
  name: CheckedService,
  options: CheckServiceOptions,
): Promise<void> {
  const results = await checkOne(output, name, options);
  if (results === undefined) {
    throw new UsageError(`There is no address: give --url, or set ${name.toUpperCase()}_URL.`);
  }
  conclude(output, { [name]: results });
}

/** `orders check-services`: tries every service that the settings have an address of. */
export async function runCheckServicesCommand(output: Output, options: CheckServiceOptions): Promise<void> {
  const all: Record<string, CheckResult[]> = {};
  for (const name of serviceNames) {
    // One after the other, to be read as it comes.
    // oxlint-disable-next-line no-await-in-loop
    const results = await checkOne(output, name, options);
    if (results) all[name] = results;
  }
  if (Object.keys(all).length === 0) throw new UsageError('No service has an address: set INVENTORY_URL and so on.');
  conclude(output, all);
}

async function checkOne(
  output: Output,
  name: CheckedService,
  options: CheckServiceOptions,
): Promise<CheckResult[] | undefined> {
  const endpoint = readServiceEndpoint(process.env, name, options.serviceUrl);
  if (!endpoint) return undefined;
  const { checks, effects } = checksOf[name](options);
  output.note(`Trying ${checks.length + 1} promises of the ${name} service at ${endpoint.url}.`);
  output.note(`${effects} All under order ids that begin with ${CHECK_MARK}.`);
  return runChecks(endpoint, checks, (result) => {
    if (!output.json) output.print(formatResult(result));
  });
}

const checksOf: Record<CheckedService, (options: CheckServiceOptions) => { checks: Check[]; effects: string }> = {
  inventory: ({ sku }) => ({
    checks: inventoryChecks({ sku: need(sku, '--sku, a product with at least 3 units in stock') }),
    effects: `It holds and sells units of ${sku}, for a moment more than half of its stock, and releases them all.`,
  }),
  payment: ({ paymentMethod, declinedPaymentMethod, currency = 'EUR', currencies = 'JPY,KWD' }) => ({
    checks: paymentChecks({
      paymentMethod: need(paymentMethod, '--payment-method, one that pays'),
      declinedPaymentMethod,
      currency,
      currencies: currencies.split(',').filter((one) => one !== ''),
    }),
    effects: `It charges ${paymentMethod} about 12 ${currency} many times, and takes all of it back.`,
  }),
  customer: ({ customer }) => ({
    checks: customerChecks({ customer: need(customer, '--customer, one that is active') }),
    effects: 'It reads, and tries to create the customer who is there, which has to be refused.',
  }),
  notification: ({ customer }) => ({
    checks: notificationChecks({ customer: need(customer, '--customer, who gets up to four messages') }),
    effects: `It sends up to four messages to ${customer}, which can't be taken back.`,
  }),
  review: ({ customer }) => ({
    checks: reviewChecks({ customer: need(customer, '--customer, whose orders are made up') }),
    effects: `It has a few orders of ${customer} reviewed that there are not.`,
  }),
};

function need(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`Give ${what}.`);
  return value;
}

function conclude(output: Output, services: Record<string, CheckResult[]>): void {
  const results = Object.values(services).flat();
  const broken = results.filter(({ outcome }) => outcome === 'broken').length;
  if (output.json) output.printJson({ kept: broken === 0, services });
  if (broken > 0) throw new CliError(`${broken} of ${results.length} promises ${broken === 1 ? 'is' : 'are'} broken.`);
  output.note(
    `${results.filter(({ outcome }) => outcome === 'kept').length} of ${results.length} promises are kept, none is broken.`,
  );
}

const marks = { kept: ['✓', 'green'], broken: ['✗', 'red'], not_tried: ['–', 'yellow'] } as const;

function formatResult({ id, outcome, severity, expected, matters, came }: CheckResult): string {
  const [mark, color] = marks[outcome];
  if (outcome === 'kept') return `${paint(mark, color)} ${id}`;
  if (outcome === 'not_tried') return `${paint(mark, color)} ${id}: not tried, ${came}`;
  const lines = [
    `${paint(mark, color)} ${id} (${severity})`,
    `expected: ${expected}`,
    `came:     ${came}`,
    `matters:  ${matters}`,
  ];
  return lines.map((line) => stripControls(line).replaceAll(/\ufffd\[\d*m?/g, '')).join('\n    ');
}
