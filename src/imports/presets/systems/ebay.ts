import type { Preset } from '../../../domain/preset.ts';

/**
 * The orders report of Seller Hub: an order of several lines has a row with its address and its totals, then a row a line. Its headers are written
 * as each country speaks: what America ships, Britain posts and dispatches, and Germany `verschickt`.
 */
export const ebay: Preset = {
  name: 'ebay',
  title: 'eBay, orders report',
  recognise: [
    { headers: ['Sales Record Number', 'Order Number', 'Buyer Username', 'Item Title', 'Quantity', 'Sold For'] },
    {
      headers: ['Verkaufsprotokollnummer', 'Bestellnummer', 'Nutzername des Käufers', 'Angebotstitel', 'Verkauft für'],
    },
    // Of Selling Manager and File Exchange, until 2020.
    { headers: ['Sales Record Number', 'User Id', 'Item Title', 'Quantity', 'Sale Price', 'Total Price'] },
    { headers: ['Verkaufsprotokollnummer', 'Mitgliedsname', 'Artikelbezeichnung', 'Stückzahl', 'Verkaufspreis'] },
  ],
  columns: {
    // An order has no order number before its checkout.
    order_reference: ['Order Number', 'Bestellnummer', 'Sales Record Number', 'Verkaufsprotokollnummer'],
    customer_id: ['Buyer Username', 'Nutzername des Käufers', 'User Id', 'Mitgliedsname'],
    customer_name: [
      'Buyer Name',
      'Ship To Name',
      'Post To Name',
      'Name des Käufers',
      'Name des Empfängers',
      'Buyer Fullname',
      'Buyer Full Name',
      'Vollständiger Name des Käufers',
    ],
    customer_phone: ['Buyer Phone Number', 'Telefonnummer des Käufers'],
    customer_email: ['Buyer Email', 'E-Mail des Käufers'],
    name: ['Ship To Name', 'Post To Name', 'Name des Empfängers'],
    line1: ['Ship To Address 1', 'Post To Address 1', 'Adresse 1 des Empfängers'],
    line2: ['Ship To Address 2', 'Post To Address 2', 'Adresse 2 des Empfängers'],
    city: ['Ship To City', 'Post To City', 'Post To Suburb', 'Versand nach - Ort'],
    region: ['Ship To State', 'Post To County', 'Post To State', 'Versand nach - Bundesland'],
    postal_code: ['Ship To Zip', 'Post To Postcode', 'Post To Postal Code', 'Versand nach - PLZ'],
    country: ['Ship To Country', 'Post To Country', 'Versand nach - Land'],
    recipient_phone: ['Ship To Phone', 'Post To Phone', 'Telefonnummer des Empfängers'],
    billing_name: [
      'Buyer Name',
      'Name des Käufers',
      'Buyer Fullname',
      'Buyer Full Name',
      'Vollständiger Name des Käufers',
    ],
    billing_line1: ['Buyer Address 1', 'Adresse 1 des Käufers', 'Käuferadresse 1'],
    billing_line2: ['Buyer Address 2', 'Adresse 2 des Käufers', 'Käuferadresse 2'],
    billing_city: ['Buyer City', 'Wohnort des Käufers', 'Buyer Town/City', 'Ort des Käufers'],
    billing_region: ['Buyer State', 'Buyer County', 'Bundesland des Käufers', 'Staat des Käufers'],
    billing_postal_code: [
      'Buyer Zip',
      'Buyer Postcode',
      'Buyer Postal Code',
      'PLZ des Käufers',
      'Postleitzahl des Käufers',
    ],
    billing_country: ['Buyer Country', 'Land des Käufers'],
    shipping_method: ['Shipping Service', 'Delivery Service', 'Postage Service', 'Versandservice'],
    notes: ['Buyer Note', 'Anmerkung des Käufers'],
    payment_method: ['Payment Method', 'Zahlungsmethode'],
    payment_reference: ['PayPal Transaction ID', 'PayPal Transaktions-ID'],
    tracking_number: ['Tracking Number', 'Sendungsnummer'],
    placed_at: ['Sale Date', 'Verkauft am', 'Verkaufsdatum'],
    paid_at: ['Paid On Date', 'Zahlungsdatum', 'Bezahldatum'],
    shipped_at: [
      'Shipped On Date',
      'Dispatched On Date',
      'Posted On Date',
      'Verschickt am - Datum',
      'Versanddatum',
      'Dispatch Date',
    ],
    tax: { sum: ['Seller Collected Tax', 'eBay Collected Tax', 'Sales Tax'] },
    tax_basis: ['eBay Collected Tax and Fees Included in Total', 'eBay Collected Tax Included in Total'],
    shipping: ['Shipping And Handling', 'Postage And Packaging', 'Postage And Handling', 'Verpackung und Versand'],
    fees: {
      sum: [
        'eBay Collected Charges',
        'Insurance',
        'Cash on delivery fee',
        'Versicherung',
        'Electronic Waste Recycling Fee',
        'Mattress Recycling Fee',
        'Battery Recycling Fee',
        'White Goods Disposal Tax',
        'Tire Recycling Fee',
        'Additional Fee',
        'Lumber Fee',
        'Prepaid Wireless Fee',
        'Road Improvement And Food Delivery Fee',
      ],
    },
    total: ['Total Price', 'Gesamtbetrag', 'Gesamtpreis'],
    sku: ['Custom Label', 'Bestandseinheit', 'Item Number', 'Item ID', 'Artikelnummer'],
    variant_id: ['Variation Details', 'Variantendetails'],
    product_name: ['Item Title', 'Angebotstitel', 'Artikelbezeichnung'],
    quantity: ['Quantity', 'Anzahl', 'Stückzahl'],
    unit_price: ['Sold For', 'Verkauft für', 'Sale Price', 'Verkaufspreis'],
  },
  rows: {
    skip: [
      { contains: ['record(s) downloaded', 'heruntergeladen'] },
      { starts_with: ['Seller ID:', 'Seller ID :', 'Verkäufer-ID'] },
    ],
  },
  // What eBay collects itself is a part of the total in some countries only.
  words: { tax_basis: { yes: 'ON_TOP', no: 'NOT_IN_TOTAL' } },
  defaults: { payment_state: 'UNPAID' },
  amounts: { unit_price: 'auto', tax: 'on-top', signs: { $: 'USD', '£': 'GBP' } },
};
