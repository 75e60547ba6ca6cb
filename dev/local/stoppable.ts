/** Something that was started; what was started later is stopped first. */
export interface Stoppable {
  stop(): Promise<void> | void;
}
