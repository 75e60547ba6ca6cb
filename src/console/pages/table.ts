import { each, html, type Html } from '../ui/html.ts';

/** A table with a row for each item, or a word that there is none. */
export function table<Item>(
  name: string,
  heads: readonly string[],
  items: readonly Item[],
  cells: (item: Item) => readonly Html[],
): Html {
  if (items.length === 0) return html`<p class="empty">Nothing is here.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
    <table>
      <thead>
        <tr>
          ${each(heads, (head) => html`<th>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${each(
          items,
          (item) =>
            html`<tr>
              ${each(cells(item), (cell) => html`<td class="text">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
