/** Something that was started and has to be stopped, the latest first. */
export interface Stoppable {
  stop(): Promise<void> | void;
}
