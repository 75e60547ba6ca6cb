import type { LocaleWords } from './message-words.ts';

/** What messages say in French. */
export const french: LocaleWords = {
  greeting: 'Bonjour{{#if customer_name}} {{customer_name}}{{/if}},',
  closing: 'Cordialement\n{{shop_name}}',
  labels: {
    subtotal: 'Sous-total',
    discount: 'Remise',
    tax: 'Taxes',
    shipping: 'Livraison',
    total: 'Total',
    address: 'Adresse de livraison',
    carrier: 'Transporteur',
    tracking: 'Numéro de suivi',
  },
  messages: {
    ORDER_CONFIRMED: {
      subject: 'Votre commande {{order_number}} est confirmée',
      body: 'Merci pour votre commande. Elle est confirmée, et nous préparons vos articles.\n\nNous vous écrirons dès leur expédition.',
      link: 'Voir la commande',
    },
    PAYMENT_FAILED: {
      subject: 'Le paiement de votre commande {{order_number}} a échoué',
      body:
        'Le paiement de {{total}} pour votre commande {{order_number}} a échoué. Aucun montant n’a été débité.\n\n' +
        '{{#if until}}Vos articles vous sont réservés jusqu’au {{until}}. Merci de payer à nouveau d’ici là, avec le même moyen de paiement ou un autre ; sinon, la commande sera annulée.{{else}}Merci de payer à nouveau, avec le même moyen de paiement ou un autre.{{/if}}',
      link: 'Payer à nouveau',
    },
    PAYMENT_ACTION_REQUIRED: {
      subject: 'Merci de confirmer le paiement de votre commande {{order_number}}',
      body:
        'Votre banque vous demande de confirmer le paiement de {{total}} pour votre commande {{order_number}}.\n\n' +
        '{{#if until}}Merci de le confirmer avant le {{until}} ; sinon, la commande sera annulée et aucun montant ne sera débité.{{else}}La commande sera traitée dès que vous l’aurez confirmé.{{/if}}',
      link: 'Confirmer le paiement',
    },
    ORDER_SHIPPED: {
      subject:
        '{{#if is_last}}Votre commande {{order_number}} est en route{{else}}Une partie de votre commande {{order_number}} est en route{{/if}}',
      body: '{{#if is_last}}Le colis contenant ces articles a été expédié ; votre commande est ainsi complète :{{else}}Un colis contenant ces articles a été expédié. Le reste suivra dans un autre colis :{{/if}}',
      link: 'Voir la commande',
    },
    ORDER_DELIVERED: {
      subject: 'Votre commande {{order_number}} est arrivée',
      body: 'Votre commande {{order_number}} a été livrée{{#if delivered_on}} le {{delivered_on}}{{/if}}. Nous espérons qu’elle vous plaira.',
      link: 'Voir la commande',
    },
    ORDER_CANCELLED: {
      subject: 'Votre commande {{order_number}} est annulée',
      body:
        'Votre commande {{order_number}} est annulée{{#if is_out_of_stock}}, car un article n’est plus disponible. Nous en sommes désolés{{/if}}{{#if is_payment_declined}}, car le paiement a été refusé{{/if}}.\n\n' +
        '{{#if reason}}Motif : {{reason}}{{/if}}\n\n' +
        '{{#if refund_amount}}Nous vous remboursons {{refund_amount}} sur votre moyen de paiement. Quelques jours peuvent s’écouler avant que le montant n’apparaisse sur votre compte.{{else}}Vous n’avez rien à payer.{{/if}}',
      link: 'Voir la commande',
    },
    ORDER_REFUNDED: {
      subject: 'Nous vous avons remboursé {{refund_amount}} pour votre commande {{order_number}}',
      body:
        'Nous vous avons remboursé {{refund_amount}} sur votre moyen de paiement{{#if is_return}} pour les articles retournés{{/if}}{{#if is_amendment}}, car votre commande a été modifiée{{/if}}{{#if is_cancellation}}, car votre commande a été annulée{{/if}}. Quelques jours peuvent s’écouler avant que le montant n’apparaisse sur votre compte.\n\n' +
        '{{#if reason}}Motif : {{reason}}{{/if}}',
      link: 'Voir la commande',
    },
    RETURN_RECEIVED: {
      subject: 'Votre retour pour la commande {{order_number}} est arrivé',
      body: 'Nous avons bien reçu ces articles et vous remboursons {{refund_amount}} sur votre moyen de paiement. Quelques jours peuvent s’écouler avant que le montant n’apparaisse sur votre compte.',
      link: 'Voir la commande',
    },
  },
};
