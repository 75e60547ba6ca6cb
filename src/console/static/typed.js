// What was typed into a form is in it again when it was refused.

const KEY = 'console-typed';

/** Keeps what is sent, until a page says that it was not refused. */
export function keepTyped() {
  const isRefused = document.querySelector('[data-refused]') !== null;
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (isRefused && kept !== null) restore(kept);
  document.addEventListener('submit', ({ target }) => {
    if (!(target instanceof HTMLFormElement) || !isPosted(target)) return;
    if (target.querySelector('[type=password]')) return;
    const fields = [...new FormData(target)].filter(([, value]) => typeof value === 'string');
    sessionStorage.setItem(KEY, JSON.stringify({ action: addressOf(target), fields }));
  });
}

// A form's properties of these names are its fields, where it has some that are called so.

function isPosted(/** @type {HTMLFormElement} */ form) {
  return form.getAttribute('method') === 'post';
}

function addressOf(/** @type {HTMLFormElement} */ form) {
  return form.getAttribute('action');
}

function restore(/** @type {string} */ kept) {
  const { action, fields } = JSON.parse(kept);
  const form = [...document.forms].find((one) => isPosted(one) && addressOf(one) === action);
  if (!form) return;
  const typed = new Map(fields);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type))
      field.checked = typed.get(field.name) === field.value;
    else if (
      (field instanceof HTMLInputElement && field.type !== 'hidden') ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement
    )
      field.value = String(typed.get(field.name) ?? field.value);
  }
}
