import { createWriteStream } from 'node:fs';
import { styleText } from 'node:util';
import { prettyFactory } from 'pino-pretty';
import type { LogLine } from './server-process.ts';

const isTerminal = process.stdout.isTTY;

const colors = { start: 'green', app: 'cyan', sandbox: 'magenta', migrate: 'yellow', worker: 'blue' } as const;

/** A process whose output stands on the console. */
export type LoggedProcess = keyof typeof colors;

const pretty = prettyFactory({
  colorize: isTerminal,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname,process',
  singleLine: true,
});

/** Writes a process's lines to the console behind its name, log records in readable form unless `raw`. */
export function createConsoleLog(name: LoggedProcess, { raw = false } = {}): LogLine {
  const prefix = paint(name.padEnd(8), colors[name]);
  return (line) => {
    if (raw) process.stdout.write(`${line}\n`);
    else process.stdout.write(`${prefix}${line.startsWith('{') ? pretty(line).trimEnd() : line}\n`);
  };
}

/** Writes a server's lines to a file that begins anew at every start. */
export function createFileLog(path: string): LogLine {
  const file = createWriteStream(path);
  // A full disk must not take the servers down as well.
  file.on('error', () => undefined);
  return (line) => void file.write(`${line}\n`);
}

/** The text in a colour, on a terminal; as it is elsewhere. */
export function paint(text: string, color: Parameters<typeof styleText>[0]): string {
  return isTerminal ? styleText(color, text) : text;
}
