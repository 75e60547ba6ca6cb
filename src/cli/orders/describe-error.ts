import { OrdersProblemError, UnexpectedAnswerError, type Problem } from '../../client/client.ts';
import { CliError, UsageError } from './cli-error.ts';
import { paint, stripControls } from './output.ts';

/** The text of a failure, and the exit code: 1 when the API refused or could not be reached, 2 for wrong usage, a command's own otherwise. */
export interface Failure {
  readonly text: string;
  readonly json: unknown;
  readonly exitCode: 2 | CliError['exitCode'];
}

/** Describes a failure to a person, without a stack trace. */
export function describeError(error: unknown, baseUrl?: string): Failure {
  if (error instanceof OrdersProblemError) return { text: describeProblem(error), json: error.problem, exitCode: 1 };
  if (error instanceof UsageError) return toFailure(error.message, 2);
  if (error instanceof CliError) return toFailure(error.message, error.exitCode);
  const at = baseUrl === undefined ? 'The API' : `The API at ${baseUrl}`;
  if (error instanceof UnexpectedAnswerError) return toFailure(`${at} ${stripControls(error.message)}`, 1);
  const reason = findConnectionFault(error);
  if (reason !== undefined)
    return toFailure(`${at} can't be reached: ${reason}. Is it running (npm start)? Is the address right?`, 1);
  return toFailure(error instanceof Error ? error.message : String(error), 1);
}

function toFailure(message: string, exitCode: Failure['exitCode']): Failure {
  return { text: paint(message, 'red', process.stderr), json: { message }, exitCode };
}

function describeProblem({ problem, retryAfterSeconds }: OrdersProblemError): string {
  const { code, title, status, details, order_id: orderId, request_id: requestId } = problem;
  const lines = [
    `${paint(code, ['red', 'bold'], process.stderr)} ${stripControls(title)} (${status})`,
    stripControls(problem.detail),
    ...details.map((detail) => `  · ${describeDetail(detail)}`),
    ...(orderId === undefined ? [] : [`order ${stripControls(orderId)}`]),
    ...suggestCommand(problem),
    ...(retryAfterSeconds === undefined ? [] : [`try again in ${retryAfterSeconds} s`]),
    ...(status >= 500 ? [`request ${stripControls(requestId)}`] : []),
  ];
  return lines.join('\n');
}

/** The command of this program that helps. */
function suggestCommand({ code, status, order_id: orderId }: Problem): string[] {
  if (code === 'ORD003' && orderId !== undefined)
    return [`to pay with another method: orders retry ${orderId} --payment-method TOKEN`];
  if (status === 401) return ['see what is wrong with the token: orders doctor'];
  return [];
}

function describeDetail(detail: Problem['details'][number]): string {
  const { pointer, parameter, header, message, ...rest } = detail;
  const place = pointer ?? parameter ?? header;
  const where = place === undefined || place === '' ? [] : [formatValue(place)];
  const said = [...where, ...(message === undefined ? [] : [formatValue(message)])];
  const more = Object.entries(rest).map(([name, value]) => `${name.replaceAll('_', ' ')} ${formatValue(value)}`);
  return stripControls([...(said.length > 0 ? [said.join(': ')] : []), ...more].join(', '));
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatValue).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Returns why there was no answer; `undefined` for any other error. */
function findConnectionFault(error: unknown): string | undefined {
  if (!(error instanceof TypeError) || error.cause === undefined) return undefined;
  const { code, message, errors } = Object(error.cause) as { code?: unknown; message?: unknown; errors?: unknown[] };
  if (typeof code === 'string' && code !== '') return code;
  const [first] = errors ?? [];
  return first instanceof Error ? first.message : typeof message === 'string' ? message : error.message;
}
