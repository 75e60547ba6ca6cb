/** Stands for what came to a workflow and can't be read: it is refused where it is used, and never fails a workflow task. */
export class UndecodablePayload {
  /** What is wrong with it, in a few words. */
  readonly fault: string;

  constructor(fault: string) {
    this.fault = fault;
  }
}
