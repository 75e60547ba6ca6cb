/** The replay can't start or can't go on; the message is one line for the person who started it. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
