import type { LocaleWords } from './message-words.ts';

/** What messages say in German. */
export const german: LocaleWords = {
  greeting: 'Guten Tag{{#if customer_name}} {{customer_name}}{{/if}},',
  closing: 'Freundliche Grüße\n{{shop_name}}',
  labels: {
    subtotal: 'Zwischensumme',
    discount: 'Rabatt',
    tax: 'Steuer',
    shipping: 'Versand',
    total: 'Gesamtbetrag',
    address: 'Lieferadresse',
    carrier: 'Versanddienst',
    tracking: 'Sendungsnummer',
  },
  messages: {
    ORDER_CONFIRMED: {
      subject: 'Ihre Bestellung {{order_number}} ist bestätigt',
      body: 'vielen Dank für Ihre Bestellung. Sie ist bestätigt, und wir stellen alles für Sie zusammen.\n\nSobald die Ware unterwegs ist, melden wir uns wieder.',
      link: 'Bestellung ansehen',
    },
    PAYMENT_FAILED: {
      subject: 'Die Zahlung Ihrer Bestellung {{order_number}} ist fehlgeschlagen',
      body:
        'die Zahlung von {{total}} für Ihre Bestellung {{order_number}} ist fehlgeschlagen. Es wurde nichts abgebucht.\n\n' +
        '{{#if until}}Die Ware ist bis {{until}} für Sie reserviert. Bitte zahlen Sie bis dahin erneut, mit derselben oder einer anderen Zahlungsart; sonst wird die Bestellung storniert.{{else}}Bitte zahlen Sie erneut, mit derselben oder einer anderen Zahlungsart.{{/if}}',
      link: 'Erneut bezahlen',
    },
    PAYMENT_ACTION_REQUIRED: {
      subject: 'Bitte bestätigen Sie die Zahlung Ihrer Bestellung {{order_number}}',
      body:
        'Ihre Bank bittet Sie, die Zahlung von {{total}} für Ihre Bestellung {{order_number}} zu bestätigen.\n\n' +
        '{{#if until}}Bitte bestätigen Sie sie bis {{until}}; sonst wird die Bestellung storniert und nichts abgebucht.{{else}}Sobald Sie sie bestätigt haben, geht es mit der Bestellung weiter.{{/if}}',
      link: 'Zahlung bestätigen',
    },
    ORDER_SHIPPED: {
      subject:
        '{{#if is_last}}Ihre Bestellung {{order_number}} ist unterwegs{{else}}Ein Teil Ihrer Bestellung {{order_number}} ist unterwegs{{/if}}',
      body: '{{#if is_last}}das Paket mit diesen Artikeln hat unser Haus verlassen; damit ist Ihre Bestellung vollständig verschickt:{{else}}ein Paket mit diesen Artikeln hat unser Haus verlassen. Der Rest folgt in einem weiteren:{{/if}}',
      link: 'Bestellung ansehen',
    },
    ORDER_DELIVERED: {
      subject: 'Ihre Bestellung {{order_number}} ist angekommen',
      body: 'Ihre Bestellung {{order_number}} wurde {{#if delivered_on}}am {{delivered_on}} {{/if}}zugestellt. Wir wünschen Ihnen viel Freude damit.',
      link: 'Bestellung ansehen',
    },
    ORDER_CANCELLED: {
      subject: 'Ihre Bestellung {{order_number}} ist storniert',
      body:
        'Ihre Bestellung {{order_number}} ist storniert{{#if is_out_of_stock}}, weil ein Artikel nicht mehr verfügbar ist. Das tut uns leid{{/if}}{{#if is_payment_declined}}, weil die Zahlung abgelehnt wurde{{/if}}.\n\n' +
        '{{#if reason}}Grund: {{reason}}{{/if}}\n\n' +
        '{{#if refund_amount}}Wir erstatten Ihnen {{refund_amount}} auf Ihre Zahlungsart. Bis der Betrag auf Ihrem Konto erscheint, können einige Tage vergehen.{{else}}Sie haben nichts zu bezahlen.{{/if}}',
      link: 'Bestellung ansehen',
    },
    ORDER_REFUNDED: {
      subject: 'Wir haben Ihnen {{refund_amount}} für Ihre Bestellung {{order_number}} erstattet',
      body:
        'wir haben Ihnen {{refund_amount}} auf Ihre Zahlungsart erstattet{{#if is_return}}, für das, was Sie zurückgeschickt haben{{/if}}{{#if is_amendment}}, weil sich Ihre Bestellung geändert hat{{/if}}{{#if is_cancellation}}, weil Ihre Bestellung storniert wurde{{/if}}. Bis der Betrag auf Ihrem Konto erscheint, können einige Tage vergehen.\n\n' +
        '{{#if reason}}Grund: {{reason}}{{/if}}',
      link: 'Bestellung ansehen',
    },
    RETURN_RECEIVED: {
      subject: 'Ihre Rücksendung zur Bestellung {{order_number}} ist angekommen',
      body: 'diese Artikel haben wir von Ihnen zurückerhalten. Wir erstatten Ihnen {{refund_amount}} auf Ihre Zahlungsart. Bis der Betrag auf Ihrem Konto erscheint, können einige Tage vergehen.',
      link: 'Bestellung ansehen',
    },
  },
};
