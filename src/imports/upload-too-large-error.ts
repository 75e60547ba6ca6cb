import { Refusal } from '../domain/refusal.ts';

/** The refusal of a file with more bytes or rows than one import takes. */
export class UploadTooLargeError extends Refusal {
  override readonly name = 'UploadTooLargeError';

  constructor(message: string, limit: string) {
    super('VALIDATION', message, { details: [{ pointer: '', message: `must ${limit}` }] });
  }
}
