import { html, type Html } from '../ui/html.ts';

/** A part of a page that the browser replaces with the same part of a newer page; it is left alone while somebody types in it. */
export function livePart(name: string, content: Html): Html {
  return html`<div id="part-${name}" data-part>${content}</div>`;
}
