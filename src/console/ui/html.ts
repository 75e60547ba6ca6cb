import { html } from 'hono/html';

export { html };

/** A piece of a page. Whatever `html` is given as a value is escaped, unless it is such a piece. */
export type Html = ReturnType<typeof html>;

/** Nothing. */
export const nothing: Html = html``;

/** The pieces one after another. */
export function each<Item>(items: readonly Item[], piece: (item: Item, index: number) => Html): Html {
  return html`${items.map(piece)}`;
}
