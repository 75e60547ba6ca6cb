// What was typed into a form is in it again when nothing came of it.

const KEY = 'console-typed';

/**
 * Keeps what is sent until something has come of it. On the next page with the form it is put back: after a refusal, on the way back from a
 * preview, once a service is back, or after signing in again.
 */
export function keepTyped() {
  document.addEventListener('submit', ({ target }) => {
    if (target instanceof HTMLFormElement && isPosted(target)) keep(target);
  });
  // A preview, a fault and a sign-in stand between a form and what comes of it.
  const between = document.querySelector('[data-between]')?.getAttribute('data-between');
  // Going back, or loading it again, leads to the page with the form: a browser can't ask for the answer to a form again.
  if (between) history.replaceState(null, '', between);
  if (between !== undefined) return;
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept !== null && !document.querySelector('[data-done]')) restore(kept);
}

function keep(/** @type {HTMLFormElement} */ form) {
  if (form.querySelector('[type=password]')) return;
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  // Signing out has no fields, and leaves nothing behind.
  if (fields.length === 0) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify({ who: whoTypes(), action: addressOf(form), fields }));
}

/** Nobody else who signs in in this tab is shown it. */
function whoTypes() {
  return document.querySelector('.who [data-who]')?.getAttribute('data-who') ?? null;
}

// A form's properties of these names are its fields, where it has some that are called so.

function isPosted(/** @type {HTMLFormElement} */ form) {
  return form.getAttribute('method') === 'post';
}

function addressOf(/** @type {HTMLFormElement} */ form) {
  return form.getAttribute('action');
}

function restore(/** @type {string} */ kept) {
  const { who, action, fields } = JSON.parse(kept);
  const form = [...document.forms].find((one) => isPosted(one) && addressOf(one) === action);
  if (!form || who !== whoTypes()) return;
  const typed = new Map(fields);
  const shown = [...form.elements].filter((field) => isShown(field));
  for (const field of shown) {
    if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type))
      field.checked = typed.get(field.name) === field.value;
    else field.value = String(typed.get(field.name) ?? field.value);
  }
  const box = form.closest('details');
  if (box) box.open = true;
  // A refusal has the focus itself.
  if (!document.querySelector('[data-refused]')) shown[0]?.focus();
}

/** @returns {field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
function isShown(/** @type {Element} */ field) {
  if (field instanceof HTMLInputElement) return field.type !== 'hidden';
  return field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
}
