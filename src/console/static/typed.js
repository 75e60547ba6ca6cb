// What was typed into a form is in it again when it was refused.

const KEY = 'console-typed';

/** Keeps what is sent, until a page says that it was not refused. */
export function keepTyped() {
  const isRefused = document.querySelector('[data-refused]') !== null;
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (isRefused && kept !== null) restore(kept);
  document.addEventListener('submit', ({ target }) => {
    if (!(target instanceof HTMLFormElement) || target.method !== 'post') return;
    if (target.querySelector('[type=password]')) return;
    const fields = [...new FormData(target)].filter(([, value]) => typeof value === 'string');
    sessionStorage.setItem(KEY, JSON.stringify({ action: target.action, fields }));
  });
}

function restore(/** @type {string} */ kept) {
  const { action, fields } = JSON.parse(kept);
  const form = [...document.forms].find((one) => one.method === 'post' && one.action === action);
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
