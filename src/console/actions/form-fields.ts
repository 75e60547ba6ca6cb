import type { Context } from 'hono';
import { RequestError } from '../../access/request-error.ts';

/** What was filled in can't be used; the message says what to do. */
export class FormError extends Error {
  override readonly name = 'FormError';
}

/** How many of a line of the order. */
export interface ItemCount {
  readonly item_id: string;
  readonly quantity: number;
}

/** Longer than the API takes of anything that a form asks for. */
const MAX_FIELD = 10_000;

/** The fields of a form that was sent. */
export class FormFields {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(fields: Iterable<readonly [string, unknown]>) {
    const texts = [...fields].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim().slice(0, MAX_FIELD)] as const] : [],
    );
    this.#fields = new Map(texts);
  }

  /** What a field holds; empty when it is missing. */
  text(name: string): string {
    return this.#fields.get(name) ?? '';
  }

  /** What a field holds; throws {@link FormError} when that is nothing. */
  required(name: string, label: string): string {
    const text = this.text(name);
    if (text === '') throw new FormError(`Fill in “${label}”.`);
    return text;
  }

  /** Why something is done: one line, in however many it was written; throws {@link FormError} when it is empty. */
  reason(): string {
    return this.required('reason', 'Reason').replaceAll(/\s+/g, ' ');
  }

  /** One of the choices; throws {@link FormError} for anything else. */
  choice<const Choice extends string>(name: string, label: string, choices: readonly Choice[]): Choice {
    const text = this.text(name);
    const chosen = choices.find((choice) => choice === text);
    if (chosen === undefined) throw new FormError(`Choose “${label}”.`);
    return chosen;
  }

  /** How many of each line, from the fields `quantity.<id>` of lines that the order has; lines of which there are none are left out. */
  quantities(items: readonly { readonly id: string; readonly name: string }[]): ItemCount[] {
    return items.flatMap(({ id, name }) => {
      const text = this.text(`quantity.${id}`);
      if (text === '' || /^0+$/.test(text)) return [];
      if (!/^\d{1,6}$/.test(text)) throw new FormError(`How many of “${name}” must be a whole number.`);
      return [{ item_id: id, quantity: Number(text) }];
    });
  }

  /** What follows `beginning` in the names of the fields that begin so, such as the boxes that were ticked. */
  endingsOf(beginning: string): string[] {
    return [...this.#fields.keys()]
      .filter((name) => name.startsWith(beginning))
      .map((name) => name.slice(beginning.length));
  }

  /** Every field but these, to be sent again. */
  without(...names: readonly string[]): (readonly [string, string])[] {
    return [...this.#fields].filter(([name]) => !names.includes(name));
  }
}

/** The fields of the form that was sent; throws VALIDATION when it is none. */
export async function readForm({ req }: Context): Promise<FormFields> {
  const body = await req.parseBody().catch((cause: unknown) => {
    throw new RequestError('VALIDATION', 'This is not a form that can be read.', { cause });
  });
  return new FormFields(Object.entries(body));
}
