import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to standard output, all else to standard error. */
export interface Output {
  readonly json: boolean;
  /** A line of the result. */
  readonly print: (text: string) => void;
  /** The result for machines. */
  readonly printJson: (value: unknown) => void;
  /** What people want to know beside the result; machines are spared it. */
  readonly note: (text: string) => void;
}

/** The output of this process. */
export function createOutput(json: boolean): Output {
  return {
    json,
    print: (text) => void process.stdout.write(`${text}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`),
    note: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
}

/** Text in a style on a terminal that wants colours (`NO_COLOR`, `FORCE_COLOR`); as it is elsewhere. */
export function paint(text: string, style: Style, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Without what would steer the terminal: what came from elsewhere may hold anything. */
export function stripControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
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
  PAYMENT_FAILED: 'red',
  FAILED: 'red',
  REFUSED: 'red',
  NEEDS_ATTENTION: ['red', 'bold'],
  CANCELLED: 'dim',
  REFUNDED: 'dim',
  COMPENSATED: 'dim',
  SKIPPED: 'dim',
};

/** A status in the colour of how good it is. */
export function paintStatus(status: string, shown = status): string {
  const style = styles[status];
  return style === undefined ? shown : paint(shown, style);
}

/** A moment for people, in their time zone; machines read JSON. */
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
