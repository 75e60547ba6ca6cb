import type { LocaleWords } from './message-words.ts';

/** What messages say in Japanese. */
export const japanese: LocaleWords = {
  greeting: '{{#if customer_name}}{{customer_name}} 様{{else}}お客様{{/if}}',
  closing: '今後ともよろしくお願いいたします。\n{{shop_name}}',
  labels: {
    subtotal: '小計',
    discount: '割引',
    tax: '税',
    shipping: '送料',
    total: '合計',
    address: 'お届け先',
    carrier: '配送業者',
    tracking: 'お問い合わせ番号',
  },
  messages: {
    ORDER_CONFIRMED: {
      subject: 'ご注文 {{order_number}} を承りました',
      body: 'ご注文いただき、誠にありがとうございます。ご注文を承りました。ただいま商品を準備しております。\n\n発送いたしましたら、あらためてご連絡いたします。',
      link: 'ご注文内容を見る',
    },
    PAYMENT_FAILED: {
      subject: 'ご注文 {{order_number}} のお支払いが完了しませんでした',
      body:
        'ご注文 {{order_number}} の {{total}} のお支払いが完了しませんでした。代金は引き落とされておりません。\n\n' +
        '{{#if until}}商品は {{until}} まで確保しております。それまでに、同じお支払い方法または別のお支払い方法で、もう一度お手続きください。お手続きがない場合、ご注文はキャンセルとなります。{{else}}同じお支払い方法または別のお支払い方法で、もう一度お手続きください。{{/if}}',
      link: 'もう一度支払う',
    },
    PAYMENT_ACTION_REQUIRED: {
      subject: 'ご注文 {{order_number}} のお支払いをご確認ください',
      body:
        'ご注文 {{order_number}} の {{total}} のお支払いについて、カード会社または銀行による本人確認が必要です。\n\n' +
        '{{#if until}}{{until}} までにお手続きください。お手続きがない場合、ご注文はキャンセルとなり、代金は引き落とされません。{{else}}お手続きが完了しましたら、ご注文の処理を進めます。{{/if}}',
      link: 'お支払いを確認する',
    },
    ORDER_SHIPPED: {
      subject:
        '{{#if is_last}}ご注文 {{order_number}} を発送しました{{else}}ご注文 {{order_number}} の一部を発送しました{{/if}}',
      body: '{{#if is_last}}次の商品を発送いたしました。これでご注文の商品はすべて発送済みです。{{else}}次の商品を発送いたしました。残りの商品は別の便でお届けいたします。{{/if}}',
      link: 'ご注文内容を見る',
    },
    ORDER_DELIVERED: {
      subject: 'ご注文 {{order_number}} をお届けしました',
      body: 'ご注文 {{order_number}} の商品を{{#if delivered_on}} {{delivered_on}} に{{/if}}お届けいたしました。お気に召しましたら幸いです。',
      link: 'ご注文内容を見る',
    },
    ORDER_CANCELLED: {
      subject: 'ご注文 {{order_number}} はキャンセルされました',
      body:
        '{{#if is_out_of_stock}}誠に申し訳ございませんが、在庫がないため、{{/if}}{{#if is_payment_declined}}お支払いが承認されなかったため、{{/if}}ご注文 {{order_number}} はキャンセルとなりました。\n\n' +
        '{{#if reason}}理由：{{reason}}{{/if}}\n\n' +
        '{{#if refund_amount}}{{refund_amount}} をお支払い方法に返金いたします。反映されるまで数日かかることがございます。{{else}}お支払いいただく金額はございません。{{/if}}',
      link: 'ご注文内容を見る',
    },
    ORDER_REFUNDED: {
      subject: 'ご注文 {{order_number}} について {{refund_amount}} を返金しました',
      body:
        '{{#if is_return}}ご返品いただいた商品について、{{/if}}{{#if is_amendment}}ご注文内容が変更されたため、{{/if}}{{#if is_cancellation}}ご注文がキャンセルされたため、{{/if}}{{refund_amount}} をお支払い方法に返金いたしました。反映されるまで数日かかることがございます。\n\n' +
        '{{#if reason}}理由：{{reason}}{{/if}}',
      link: 'ご注文内容を見る',
    },
    RETURN_RECEIVED: {
      subject: 'ご注文 {{order_number}} の返品を受け取りました',
      body: '次の商品を受け取りました。{{refund_amount}} をお支払い方法に返金いたします。反映されるまで数日かかることがございます。',
      link: 'ご注文内容を見る',
    },
  },
};
