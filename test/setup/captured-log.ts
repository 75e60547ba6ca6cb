import { Writable } from 'node:stream';
import { pino } from 'pino';
import { loggerOptions, type Logger } from '../../src/logger.ts';

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
    logger: pino(loggerOptions('trace', 'test'), stream),
    text: () => text,
    clear: () => {
      text = '';
    },
  };
}
