import { createWriteStream } from 'node:fs';
import { styleText } from 'node:util';
import { prettyFactory } from 'pino-pretty';
import type { LogLine } from './server-process.ts';

const isTerminal = process.stdout.isTTY;

const colors = {
  start: 'green',
  app: 'cyan',
  sandbox: 'magenta',
  migrate: 'yellow',
  worker: 'blue',
  notifier: 'blue',
} as const;

/** A process whose output appears on the console. */
export type LoggedProcess = keyof typeof colors;

const pretty = prettyFactory({
  colorize: isTerminal,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname,process',
  singleLine: true,
});

/** Returns a function that writes a process's lines to the console after its name; JSON log records are made readable unless `raw` is set. */
export function createConsoleLog(name: LoggedProcess, { raw = false } = {}): LogLine {
  const prefix = paint(name.padEnd(9), colors[name]);
  return (line) => {
    if (raw) process.stdout.write(`${line}\n`);
    else process.stdout.write(`${prefix}${line.startsWith('{') ? pretty(line).trimEnd() : line}\n`);
  };
}

/** Returns a function that writes a server's lines to a file, which is emptied first. */
export function createFileLog(path: string): LogLine {
  const file = createWriteStream(path);
  // A full disk must not end the servers.
  file.on('error', () => undefined);
  return (line) => void file.write(`${line}\n`);
}

/** Colours the text on a terminal; elsewhere returns it unchanged. */
export function paint(text: string, color: Parameters<typeof styleText>[0]): string {
  return isTerminal ? styleText(color, text) : text;
}
