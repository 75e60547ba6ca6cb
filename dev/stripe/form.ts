/** What a form holds, nested as Stripe's clients write it: `card[number]=1`, `expand[0]=a`. */
export interface FormObject {
  [name: string]: string | FormObject;
}

/** Reads a form or a query. */
export function readForm(text: string): FormObject {
  const form: FormObject = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll(']', '').split('[');
    let holder = form;
    for (const [index, part] of path.entries()) {
      // `expand[]=a&expand[]=b` is a list as well.
      const key = part === '' ? String(Object.keys(holder).length) : part;
      if (index === path.length - 1) holder[key] = value;
      else {
        const inner = holder[key];
        const next = typeof inner === 'object' ? inner : {};
        holder[key] = next;
        holder = next;
      }
    }
  }
  return form;
}

/** The text of a field; `undefined` when there is none. */
export function textIn(form: FormObject, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
}

/** The object of a field; empty when there is none. */
export function objectIn(form: FormObject, name: string): FormObject {
  const value = form[name];
  return typeof value === 'object' ? value : {};
}

/** The texts of an object, such as metadata. */
export function textsIn(form: FormObject, name: string): Record<string, string> {
  const entries = Object.entries(objectIn(form, name));
  return Object.fromEntries(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}
