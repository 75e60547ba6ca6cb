import type { NotificationType } from '../../domain/order-notification.ts';

/** What one message says. The texts may use the variables of docs/messages.md, and no others. */
export interface MessageWords {
  readonly subject: string;
  /** Paragraphs with an empty line between them; one that comes out empty is left out. */
  readonly body: string;
  /** What the link of the message says, where it has one. */
  readonly link: string;
}

/** What messages say in one language. */
export interface LocaleWords {
  /** The first line, such as `Hello Ada,`. */
  readonly greeting: string;
  /** The last paragraph. */
  readonly closing: string;
  readonly labels: {
    readonly subtotal: string;
    readonly discount: string;
    readonly tax: string;
    readonly shipping: string;
    readonly total: string;
    readonly address: string;
    readonly carrier: string;
    readonly tracking: string;
  };
  readonly messages: Readonly<Record<NotificationType, MessageWords>>;
}
