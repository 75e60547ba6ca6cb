import { wholeKeyOf } from '../src/domain/payment-part.ts';
import { AwaitedAnswer, type AnswerTerms } from './awaited-answer.ts';

/** A request whose outcome is awaited. */
export interface RequestUnderWay {
  readonly step: 'reserveInventory' | 'chargePayment' | 'authorizePayment' | 'chargeDifference';
  /** The idempotency key of a charge, the order's id for its reservation. */
  readonly key: string;
  readonly answer: AwaitedAnswer;
}

/** The request to a service whose outcome is awaited, if any; an order has one at a time. */
export class OpenRequest {
  readonly #settledEarly = new Set<string>();
  #current: RequestUnderWay | undefined;

  /**
   * Notes that a service has said by itself that the request with this key is settled, or a part of the payment with it. Returns the request if it is open; otherwise its
   * answer is asked for at once should it open later: a message may overtake the answer that it is about.
   */
  settle(key: string): RequestUnderWay | undefined {
    const whole = wholeKeyOf(key);
    if (this.#current?.key === whole) return this.#current;
    this.#settledEarly.add(whole);
    return undefined;
  }

  /** Makes a request, which is open until `run` has ended. */
  async during<T>(
    { step, key }: Pick<RequestUnderWay, 'step' | 'key'>,
    terms: AnswerTerms,
    run: (answer: AwaitedAnswer) => Promise<T>,
  ): Promise<T> {
    const answer = new AwaitedAnswer(terms);
    if (this.#settledEarly.delete(key)) answer.askNow();
    this.#current = { step, key, answer };
    try {
      return await run(answer);
    } finally {
      this.#current = undefined;
    }
  }
}
