import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';

/** A log of every level that is kept, to be looked at. */
export interface CapturedLog {
  readonly logger: Logger;
  /** What was logged since it was cleared, a JSON record a line. */
  readonly text: () => string;
  readonly clear: () => void;
}

/** Opens an empty log. */
export function captureLog(): CapturedLog {
  let text = '';
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  return {
    logger: pino({ level: 'trace' }, stream),
    text: () => text,
    clear: () => {
      text = '';
    },
  };
}
