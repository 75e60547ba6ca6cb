import { staff } from '../../domain/caller.ts';
import { html } from '../ui/html.ts';
import { under, type OrderAction } from './order-action.ts';

/** Adds an internal note. */
export const addNoteAction: OrderAction = {
  name: 'note',
  title: 'Add a note',
  roles: staff,
  isOffered: () => true,
  form: () => html`<label>Note <textarea name="text" required maxlength="2000" rows="3"></textarea></label>`,
  prepare: (fields, { order }) => {
    const text = fields.required('text', 'Note');
    return {
      effects: [
        'Colleagues see it in the timeline; the customer never does. It can’t be changed afterwards.',
        `“${text}”`,
      ],
      button: 'Add it',
      isFinal: false,
      perform: async (client, key) => {
        await client.addNote({ id: order.id, body: { text }, ...under(key) });
        return 'The note is added.';
      },
    };
  },
};
