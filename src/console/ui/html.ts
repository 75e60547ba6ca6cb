import { html as fillIn } from 'hono/html';

/** A piece of a page. Whatever `html` is given as a value is escaped, unless it is such a piece. */
export type Html = ReturnType<typeof fillIn>;

/** A third of a page would be the indentation of its templates. */
const INDENTATION = /\n\s+/g;

/** Templates without their indentation, by what the source has of each. */
const dense = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/** A piece of a page from a template. */
export function html(template: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const known = dense.get(template);
  if (known) return fillIn(known, ...values);
  const texts = template.map((text) => text.replaceAll(INDENTATION, '\n'));
  const made = Object.assign(texts, { raw: texts });
  dense.set(template, made);
  return fillIn(made, ...values);
}

/** Nothing. */
export const nothing: Html = html``;

/** The pieces one after another. */
export function each<Item>(items: readonly Item[], piece: (item: Item, index: number) => Html): Html {
  return html`${items.map(piece)}`;
}
