import { staff } from '../../domain/caller.ts';
import { MAX_REASON } from '../../domain/text-rules.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { choiceField, reasonField, textField } from './fields.ts';
import { FormError } from './form-fields.ts';
import type { OrderAction } from './order-action.ts';

/** Corrects a shipment's carrier and tracking number. */
export const correctTrackingAction: OrderAction = {
  name: 'tracking',
  title: 'Correct the tracking',
  roles: staff,
  isOffered: ({ shipments }) => shipments.length > 0,
  form: ({ shipments }) => {
    const newest = shipments.at(-1);
    const choices = shipments.map((shipment, index) => [shipment.id, describeShipment(shipment, index)] as const);
    return html`${choiceField('shipment', 'Shipment', choices.toReversed())}
    ${textField('carrier', 'Carrier', { value: newest?.carrier ?? '', isRequired: false })}
    ${textField('number', 'Tracking number', { value: newest?.tracking_number ?? '' })} ${reasonField()}`;
  },
  prepare: (fields, { order, shipments }) => {
    const shipment = shipments.find(({ id }) => id === fields.text('shipment'));
    if (!shipment) throw new FormError('Choose “Shipment”.');
    const number = fields.required('number', 'Tracking number');
    const carrier = fields.text('carrier');
    const reason = fields.reason();
    const before = [shipment.carrier, shipment.tracking_number].filter((part) => part !== null).join(' ');
    const [from, to] = [before === '' ? 'No tracking' : before, `${carrier} ${number}`.trim()];
    return {
      effects: [
        `${from} becomes ${to}.`,
        'The order is found by the new number. The customer is not told by this; “Send a message again” can do that.',
      ],
      button: 'Correct it',
      isFinal: false,
      perform: async (client) => {
        // The history has no other place that says what it was before.
        const told = `${from} → ${to}: ${reason}`.slice(0, MAX_REASON).toWellFormed();
        const body = { carrier: carrier === '' ? null : carrier, tracking_number: number, reason: told };
        const headers = { 'If-Match': `"${order.version}"` };
        await client.correctShipment({ id: order.id, shipment_id: shipment.id, body, headers });
        return `The tracking number is ${number} now.`;
      },
    };
  },
};

function describeShipment(
  { tracking_number: number, carrier }: OrderDetails['shipments'][number],
  index: number,
): string {
  return `No. ${index + 1}: ${[carrier, number].filter((part) => part !== null).join(' ') || 'without tracking'}`;
}
