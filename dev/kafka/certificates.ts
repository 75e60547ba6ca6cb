import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../local/run-command.ts';

/** OpenSSL makes a key in a moment. */
const LIMIT_MS = 30_000;

/** The files of an authority of its own and of a server at 127.0.0.1 that it vouches for, all in PEM. */
export interface Certificates {
  readonly caFile: string;
  /** Key and certificates of the server in one file, as Kafka reads them. */
  readonly serverFile: string;
}

/** Makes an authority and a server's certificate with the program `openssl`; rejects when there is none. */
export async function createCertificates(folder: string): Promise<Certificates> {
  const path = (name: string) => join(folder, name);
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const ca = ['-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', '/CN=Test authority', '-days', '30'];
  await openssl('req', '-x509', ...newKey, ...ca);
  const signedBy = ['-CA', path('ca.pem'), '-CAkey', path('ca.key')];
  const server = ['-keyout', path('server.key'), '-out', path('server.pem'), '-subj', '/CN=localhost', '-days', '30'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'];
  await openssl('req', '-x509', ...newKey, ...signedBy, ...server, ...names);
  const parts = await Promise.all(['server.key', 'server.pem', 'ca.pem'].map((name) => readFile(path(name), 'utf8')));
  await writeFile(path('server-all.pem'), parts.join(''));
  return { caFile: path('ca.pem'), serverFile: path('server-all.pem') };
}

/** A certificate that a client shows of itself, and its key, in PEM. */
export interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes a client's certificate, vouched for by the authority that {@link createCertificates} has made in this folder. */
export async function createClientCertificate(folder: string, name: string): Promise<ClientCertificate> {
  const path = (file: string) => join(folder, file);
  const own = { certFile: path(`${name}.pem`), keyFile: path(`${name}.key`) };
  const signedBy = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-addext', 'basicConstraints=CA:FALSE'];
  const made = ['-keyout', own.keyFile, '-out', own.certFile, '-subj', `/CN=${name}`, '-days', '30'];
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...signedBy, ...made);
  return own;
}

function openssl(...args: string[]): Promise<string> {
  return runCommand('openssl', args, { limitMs: LIMIT_MS });
}
