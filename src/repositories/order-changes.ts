/** Tells when orders change, so that nobody has to poll for it; placeholder of the interface. */
export interface OrderChanges {
  /**
   * Resolves as soon as `settled` holds for the order as the projection has it, or with its last state after `timeoutMs`.
   */
  readonly waitFor: <T>(
    orderId: string,
    read: () => Promise<T>,
    settled: (value: T) => boolean,
    timeoutMs: number,
  ) => Promise<T>;
}
