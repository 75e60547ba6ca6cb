import { isCurrency } from './currency.ts';
import type { ImportOrdersInput } from './import.ts';
import type { CreateOrderInput } from './messages.ts';
import { isJsonObject } from './read-message.ts';
import type { PaymentPart } from './payment-part.ts';
import type { ResolveSagasInput } from './saga-resolution.ts';

/** Whether it is what an order's workflow is started with: anyone may start a workflow with anything. */
export function isCreateOrderInput(input: unknown): input is CreateOrderInput {
  if (!isJsonObject(input)) return false;
  const { orderId, customerId, currency, paymentMethod, paymentParts, totalMinor, lines, ...others } = input;
  const { reservationTtlMs, paymentRetryWindowMs, returnWindowMs, stepPatienceMs, answerLookupMs, amendWindowMs } =
    others;
  const windows = [
    reservationTtlMs,
    paymentRetryWindowMs,
    returnWindowMs,
    stepPatienceMs,
    answerLookupMs,
    amendWindowMs,
  ];
  if (typeof currency !== 'string' || !isCurrency(currency)) return false;
  if (!Array.isArray(lines) || !lines.every(isLine)) return false;
  if (paymentParts !== undefined && !(Array.isArray(paymentParts) && paymentParts.every(isPart))) return false;
  return areTexts([orderId, customerId, paymentMethod]) && areNumbers([totalMinor, ...windows]);
}

/** Whether it is what an import's workflow is started with. */
export function isImportOrdersInput(input: unknown): input is ImportOrdersInput {
  return isJsonObject(input) && areTexts([input['importId']]) && areNumbers([input['total'], input['inFlight']]);
}

/** Whether it is what the workflow of a resolution is started with. */
export function isResolveSagasInput(input: unknown): input is ResolveSagasInput {
  if (!isJsonObject(input) || !areTexts([input['resolutionId']])) return false;
  // Of nothing at a time there would be no end.
  return [input['stepsPerPage'], input['pagesPerRun']].every((size) => size === undefined || isPositiveInteger(size));
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isLine(line: unknown): boolean {
  return isJsonObject(line) && areTexts([line['sku']]) && areNumbers([line['quantity']]);
}

function isPart(part: unknown): part is PaymentPart {
  return isJsonObject(part) && areTexts([part['paymentMethod']]) && areNumbers([part['amountMinor']]);
}

function areTexts(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function areNumbers(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}
