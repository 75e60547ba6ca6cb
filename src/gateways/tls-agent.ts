import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { TlsFiles } from '../config/service-settings.ts';

/**
 * Keeps connections to one service, each made with the certificates as the files have them then: renewed ones need no restart.
 * Files that can't be used leave the last ones in use and are told to `onUnusable`; without any before, no connection is made.
 */
export function tlsAgent(files: TlsFiles, onUnusable: (error: unknown) => void): Agent {
  let current: { readonly read: Certificates; readonly connect: buildConnector.connector } | undefined;
  const renew = (): buildConnector.connector => {
    try {
      const read = readCertificates(files);
      if (current && isSame(current.read, read)) return current.connect;
      createSecureContext(read);
      current = { read, connect: buildConnector(read) };
    } catch (error) {
      if (!current) throw error;
      onUnusable(error);
    }
    return current.connect;
  };
  return new Agent({
    connect: (options, callback) => {
      try {
        renew()(options, callback);
      } catch (error) {
        callback(
          error instanceof Error ? new UnusableCertificates(error.message, { cause: error }) : new Error(),
          null,
        );
      }
    },
  });
}

/** No connection was made for want of certificates. */
class UnusableCertificates extends Error {
  override readonly name = 'UnusableCertificates';
  readonly code = 'UNUSABLE_CERTIFICATES';
}

interface Certificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Read at once: a connection is rare, and has to wait for them anyway. */
function readCertificates({ caFile, client }: TlsFiles): Certificates {
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
    ...(client && { cert: readFileSync(client.certFile, 'utf8'), key: readFileSync(client.keyFile, 'utf8') }),
  };
}

function isSame(one: Certificates, other: Certificates): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}
