import { each, html, nothing, type Html } from '../ui/html.ts';
import type { View } from '../view.ts';
import { layout, type Area } from './layout.ts';

/** What is about to be done. */
export interface Confirmation {
  readonly area: Area;
  /** What it is done to, above the title. */
  readonly about: Html;
  readonly title: string;
  /** A sentence for each effect. */
  readonly effects: readonly string[];
  readonly button: string;
  readonly isFinal: boolean;
  /** Where the form is sent. */
  readonly path: string;
  readonly fields: readonly (readonly [string, string])[];
  /** Where somebody goes who does not want it, or wants it otherwise. */
  readonly back: string;
  /** What has to be known beforehand. */
  readonly warning?: Html | undefined;
  /** What stands below. */
  readonly more?: Html | undefined;
}

/** What an action will do, and the button that does it. */
export function confirmPage(view: View, confirm: Confirmation): Html {
  return layout(view, {
    title: confirm.title,
    area: confirm.area,
    content: html`<section class="card confirm" data-between="${confirm.back}">
        <p class="muted">${confirm.about}</p>
        <h1>${confirm.title}?</h1>
        ${confirm.warning ? html`<div class="notice warn" role="alert">${confirm.warning}</div>` : nothing}
        <ul class="effects" id="effects">
          ${each(confirm.effects, (effect) => html`<li>${effect}</li>`)}
        </ul>
        <form method="post" action="${confirm.path}" class="row">
          ${each(confirm.fields, ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
          <button class="${confirm.isFinal ? 'danger' : 'primary'}" aria-describedby="effects" autofocus>
            ${confirm.button}
          </button>
          <a class="button" href="${confirm.back}">Back</a>
        </form>
      </section>
      ${confirm.more ?? nothing}`,
  });
}
