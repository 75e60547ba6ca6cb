import { createTransport } from 'nodemailer';
import type { Mail } from './compose-mail.ts';
import { MailError } from './mail-error.ts';

/** Where mails are handed over. */
export interface MailSender {
  /** Resolves when the server has taken the mail. Every failure is a {@link MailError}. */
  readonly send: (mail: Mail) => Promise<void>;
  readonly close: () => void;
}

/** How long a server may take to be connected to, and to greet. */
const CONNECT_LIMIT_MS = 5_000;

/** How long a server may be silent within a mail; one that scans for viruses takes seconds. */
const SILENCE_LIMIT_MS = 15_000;

/** How long one mail may take from its turn to the end, however slowly the server answers. Below the lease of a mail. */
export const SEND_LIMIT_MS = 30_000;

/** A pool of connections to the mail server, each opened when it is needed; it makes one attempt for each mail. */
export function openMailSender({
  smtpUrl,
  connections,
}: {
  readonly smtpUrl: string;
  readonly connections: number;
}): MailSender {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: connections,
    maxMessages: 100,
    // A mail whose connection breaks may have been taken: whether it is sent again is decided where that is known.
    maxRequeues: 0,
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    dnsTimeout: CONNECT_LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      const limit = new AbortController();
      const timer = setTimeout(() => {
        limit.abort();
      }, SEND_LIMIT_MS);
      try {
        await transport.sendMail({ ...mail, signal: limit.signal });
      } catch (error) {
        throw toMailError(error);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** What Nodemailer tells of a failure. */
interface Failure {
  readonly code: string | undefined;
  readonly command: string | undefined;
  /** Of the server's answer, when there was one. */
  readonly status: number | undefined;
}

/** Failures before anything of a mail was sent, and answers that take nothing. */
const neverTaken = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EREQUIRETLS', 'ECONFIG', 'EPROXY']);

function toMailError(error: unknown): MailError {
  const message = error instanceof Error ? error.message : String(error);
  return new MailError(kindOf(readFailure(error)), message, { cause: error });
}

function kindOf({ code, command, status }: Failure): MailError['kind'] {
  const isRefused = status !== undefined && status >= 500 && status !== 503;
  // The sender is the shop's own: that it is refused says nothing of the customer's address, and can be mended.
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE';
  if (isRefused && isAboutThisMail && !neverTaken.has(code ?? '')) return 'refused';
  if (status !== undefined || neverTaken.has(code ?? '')) return 'away';
  // Nothing was sent over a connection that was never made.
  return command === 'CONN' ? 'away' : 'unknown';
}

function readFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: undefined, command: undefined, status: undefined };
  const text = (name: string) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : undefined;
  };
  const status: unknown = Reflect.get(error, 'responseCode');
  return { code: text('code'), command: text('command'), status: typeof status === 'number' ? status : undefined };
}
