import { Restartable } from './restartable.ts';

/** Which charge is under way, and how to ask for its outcome at once. */
export interface ChargeUnderWay {
  readonly step: 'chargePayment' | 'chargeDifference';
  readonly idempotencyKey: string;
  readonly restartable: Restartable;
}

/** The charge whose outcome is awaited, if any; an order has one at a time. */
export class OpenCharge {
  #current: ChargeUnderWay | undefined;

  get current(): ChargeUnderWay | undefined {
    return this.#current;
  }

  /** Runs a charge, which is open until `run` has ended. */
  async during<T>(
    charge: Pick<ChargeUnderWay, 'step' | 'idempotencyKey'>,
    run: (restartable: Restartable) => Promise<T>,
  ): Promise<T> {
    const restartable = new Restartable();
    this.#current = { ...charge, restartable };
    try {
      return await run(restartable);
    } finally {
      this.#current = undefined;
    }
  }
}
