import { each, html, nothing, type Html } from '../ui/html.ts';

interface TableOptions<Item> {
  /** The value under which a row can be chosen, and what the choice is called; rows without one can't be. */
  readonly choice?: (item: Item) => { readonly value: string; readonly label: string } | undefined;
  /** What is said of an empty one. */
  readonly empty?: string;
}

/** Fields that hold a choice begin so; the value follows. */
export const CHOSEN = 'chosen:';

/** A table with a row for each item, or a word that there is none. */
export function table<Item>(
  name: string,
  heads: readonly string[],
  items: readonly Item[],
  cells: (item: Item) => readonly Html[],
  { choice, empty = 'Nothing is here.' }: TableOptions<Item> = {},
): Html {
  if (items.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
    <table class="stacked">
      <thead>
        <tr>
          ${choice ? html`<th class="choice"><input type="checkbox" data-all aria-label="Choose all" hidden /></th>` : nothing}
          ${each(heads, (head) => html`<th>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${each(
          items,
          (item) =>
            html`<tr>
              ${choice ? html`<td class="choice">${choiceBox(choice(item))}</td>` : nothing}
              ${each(cells(item), (cell, index) => html`<td class="text" data-head="${heads[index] ?? ''}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function choiceBox(choice: { readonly value: string; readonly label: string } | undefined): Html {
  if (!choice) return nothing;
  return html`<input
    type="checkbox"
    name="${CHOSEN}${choice.value}"
    value="yes"
    aria-label="Choose ${choice.label}"
  />`;
}

/** What was sent, as it was sent, behind a word that opens it. */
export function contentBox(content: unknown): Html {
  if (content === null || content === undefined) return html`<span class="muted">not kept</span>`;
  return html`<details class="content">
    <summary>Content</summary>
    <pre tabindex="0">${JSON.stringify(content, null, 2)}</pre>
  </details>`;
}

/** The order that something is about by its number, as a link to its page; its id alone where there is no such order. */
export function orderLink({
  order_id: id,
  order_number: number,
}: {
  readonly order_id: string | null;
  readonly order_number: string | null;
}): Html {
  if (id === null) return nothing;
  return number === null ? html`${id}` : html`<a href="/console/orders/${id}">${number}</a>`;
}
