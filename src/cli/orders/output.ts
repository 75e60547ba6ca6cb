import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Output {
  readonly json: boolean;
  /** A line of the result. */
  readonly print: (text: string) => void;
  /** The result for machines. */
  readonly printJson: (value: unknown) => void;
  /** Information beside the result; left out with `--json`. */
  readonly note: (text: string) => void;
}

/** Creates the output of this process. */
export function createOutput(json: boolean): Output {
  return {
    json,
    print: (text) => void process.stdout.write(`${text}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`),
    note: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
}

/** Styles text on a terminal with colours (see `NO_COLOR`, `FORCE_COLOR`); elsewhere returns it unchanged. */
export function paint(text: string, style: Style, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Replaces control characters: text from outside could otherwise control the terminal. */
export function stripControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are to be matched
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

const styles: Readonly<Record<string, Style>> = {
  CONFIRMED: 'green',
  PROCESSING: 'cyan',
  SHIPPED: 'cyan',
  DELIVERED: 'green',
  CAPTURED: 'green',
  COMPLETED: 'green',
  DONE: 'green',
  RESOLVED: 'green',
  PENDING: 'yellow',
  QUEUED: 'yellow',
  UNKNOWN: 'yellow',
  RUNNING: 'yellow',
  PAUSED: 'yellow',
  COMPENSATING: 'yellow',
  ACTIVE: 'green',
  FAILING: 'yellow',
  DISABLED: 'red',
  DEAD: 'red',
  PAYMENT_FAILED: 'red',
  FAILED: 'red',
  REFUSED: 'red',
  NEEDS_ATTENTION: ['red', 'bold'],
  CANCELLED: 'dim',
  REFUNDED: 'dim',
  COMPENSATED: 'dim',
  SKIPPED: 'dim',
};

/** Paints a status in a colour that says how good it is. */
export function paintStatus(status: string, shown = status): string {
  const style = styles[status];
  return style === undefined ? shown : paint(shown, style);
}

/** Formats a time in the local time zone. */
export function formatTime(time: string | null | undefined): string {
  if (time === null || time === undefined) return '–';
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return stripControls(time);
  const day = `${date.getFullYear()}-${padTwo(date.getMonth() + 1)}-${padTwo(date.getDate())}`;
  return `${day} ${padTwo(date.getHours())}:${padTwo(date.getMinutes())}:${padTwo(date.getSeconds())}`;
}

function padTwo(value: number): string {
  return String(value).padStart(2, '0');
}
