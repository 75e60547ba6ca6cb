import { unwatchFile, watchFile } from 'node:fs';
import type { Http2SecureServer } from 'node:http2';
import type { Logger } from '../logger.ts';

/** How often a file is looked at; certificates are renewed days before they expire. */
const LOOK_EVERY_MS = 30_000;

/**
 * Lets new connections have the certificate that is in the files, whenever either changes; `read` reads both. Files that can't be read, or don't
 * belong together, as while only one of them has been written, leave the certificate that it was. Returns what ends it.
 */
export function renewCertificate(
  server: Http2SecureServer,
  files: readonly string[],
  read: () => { readonly cert: Buffer; readonly key: Buffer },
  logger: Logger,
  lookEveryMs: number = LOOK_EVERY_MS,
): () => void {
  const renew = () => {
    try {
      server.setSecureContext(read());
      logger.info('certificate of gRPC renewed');
    } catch (error) {
      logger.error({ err: error }, 'certificate of gRPC not renewed');
    }
  };
  for (const file of files) watchFile(file, { interval: lookEveryMs, persistent: false }, renew);
  return () => {
    for (const file of files) unwatchFile(file, renew);
  };
}
