import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../../../dev/local/free-port.ts';
import { respondsOk } from '../../../dev/local/node-process.ts';
import { kill, spawnServer, type ServerProcess } from '../../../dev/local/server-process.ts';
import { eventually } from '../../setup/eventually.ts';
import { findGoProgram, goPrograms } from './find-program.ts';

/** A mail as the server has received it. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** A mail server that keeps what it is sent. */
export interface Mailpit {
  readonly smtpUrl: string;
  /** Message-IDs and addressees of all mails, the newest first. */
  readonly list: () => Promise<{ readonly id: string; readonly messageId: string; readonly to: string }[]>;
  readonly read: (id: string) => Promise<ReceivedMail>;
  /** All mails to this address. */
  readonly mailsTo: (address: string) => Promise<ReceivedMail[]>;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly destroy: () => Promise<void>;
}

const person = z.object({ Address: z.string() });
const summary = z.object({ ID: z.string(), MessageID: z.string(), To: z.array(person) });
const whole = summary.extend({ Subject: z.string(), Text: z.string(), HTML: z.string() });

/** More than any test sends. */
const MAX_MAILS = 20_000;

/** Starts Mailpit, which is built with Go once; rejects with what to install when it can't be. */
export async function startMailpit(): Promise<Mailpit> {
  const command = await findGoProgram(goPrograms.mailpit);
  const folder = await mkdtemp(join(tmpdir(), 'mailpit-'));
  const [smtpPort, httpPort] = [await freePort(), await freePort()];
  const api = `http://127.0.0.1:${httpPort}`;
  const database = join(folder, 'mails.db');
  const addresses = ['--smtp', `127.0.0.1:${smtpPort}`, '--listen', `127.0.0.1:${httpPort}`];
  const options = [
    '--quiet',
    '--disable-version-check',
    '--smtp-disable-rdns',
    '--database',
    database,
    '--max',
    String(MAX_MAILS),
  ];
  let server: ServerProcess | undefined;
  const start = async () => {
    server = await spawnServer({ command, args: [...addresses, ...options], log: () => undefined });
    await eventually(() => respondsOk(`${api}/readyz`));
  };
  const end = async () => {
    if (server !== undefined) kill(server.pid, 'SIGKILL');
    await server?.exited;
    server = undefined;
  };
  const get = async (path: string): Promise<unknown> => await (await fetch(`${api}/api/v1/${path}`)).json();
  const list = async () => {
    const { messages } = z.object({ messages: z.array(summary) }).parse(await get(`messages?limit=${MAX_MAILS}`));
    return messages.map(({ ID, MessageID, To }) => ({ id: ID, messageId: MessageID, to: To[0]?.Address ?? '' }));
  };
  const read = async (id: string) => {
    const mail = whole.parse(await get(`message/${id}`));
    const headers = z.record(z.string(), z.array(z.string())).parse(await get(`message/${id}/headers`));
    const to = mail.To[0]?.Address ?? '';
    return { messageId: mail.MessageID, to, subject: mail.Subject, text: mail.Text, html: mail.HTML, headers };
  };
  await start();
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    list,
    read,
    mailsTo: async (address) => {
      const found = (await list()).filter(({ to }) => to === address);
      return await Promise.all(found.map(({ id }) => read(id)));
    },
    kill: end,
    start,
    destroy: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
