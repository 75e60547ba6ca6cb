/** The replay can't start or continue; the message is one line for the user. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
