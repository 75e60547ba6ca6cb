import { each, html, type Html } from '../ui/html.ts';
import type { OrderDetails } from '../order/order-details.ts';

type Item = OrderDetails['order']['items'][number];

/** Why something is done by hand; the audit keeps it. */
export function reasonField(): Html {
  return html`<label>Reason <textarea name="reason" required maxlength="500" rows="2"></textarea></label>`;
}

/** A line of text. */
export function textField(
  name: string,
  label: string,
  {
    value = '',
    hint = '',
    example = '',
    isRequired = true,
  }: { value?: string; hint?: string; example?: string; isRequired?: boolean } = {},
): Html {
  return html`<label
    >${label}
    <input
      name="${name}"
      value="${value}"
      placeholder="${example}"
      maxlength="500"
      autocomplete="off"
      ${isRequired ? 'required' : ''}
    />
    ${hint === '' ? '' : html`<small>${hint}</small>`}
  </label>`;
}

/** One of several. */
export function choiceField(
  name: string,
  label: string,
  choices: readonly (readonly [value: string, label: string])[],
): Html {
  return html`<label
    >${label}
    <select name="${name}" required>
      ${each(choices, ([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>
  </label>`;
}

/** How many of each line, at most `mostOf` it; lines of which there may be none are left out. */
export function quantityFields(
  items: readonly Item[],
  mostOf: (item: Item) => number,
  { isFilled = false }: { isFilled?: boolean } = {},
): Html {
  return html`<fieldset class="quantities">
    <legend>How many</legend>
    ${each(
      items.filter((item) => mostOf(item) > 0),
      (item) =>
        html`<label
          ><span>${item.name} <small>${item.sku}, at most ${mostOf(item)}</small></span>
          <input
            type="number"
            name="quantity.${item.id}"
            min="0"
            max="${mostOf(item)}"
            value="${isFilled ? mostOf(item) : 0}"
            inputmode="numeric"
        /></label>`,
    )}
  </fieldset>`;
}
