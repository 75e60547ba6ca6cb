// Importing a file: the browser sends it as it is, from where it lies.

import { showSignedOut } from './live.js';
import { bodyOf } from './times.js';

const PART = '#part-check';

/** Sends the chosen file to be read, shows what is in it, and sends it once more to be imported. */
export function setUpUpload(/** @type {HTMLFormElement} */ form) {
  const path = form.dataset['upload'] ?? '';
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form, `${path}/check`, {}, 'The file is being read …');
  });
  // What was found belongs to what was said then. Nothing is taken away: the button that is just being pressed would move.
  form.addEventListener('change', () => {
    for (const button of document.querySelectorAll('[data-import]')) {
      if (!(button instanceof HTMLButtonElement)) continue;
      button.disabled = true;
      button.textContent = 'Something else is said of it now: check it again';
    }
  });
  document.addEventListener('click', ({ target }) => {
    const key = target instanceof HTMLButtonElement ? target.dataset['import'] : undefined;
    if (key !== undefined) void send(form, path, { key }, 'The file is being sent …');
  });
}

async function send(
  /** @type {HTMLFormElement} */ form,
  /** @type {string} */ path,
  /** @type {Record<string, string>} */ more,
  /** @type {string} */ meanwhile,
) {
  const fields = new FormData(form);
  const file = fields.get('file');
  if (!(file instanceof File) || form.getAttribute('aria-busy') === 'true') return;
  const query = new URLSearchParams({ file_name: file.name, ...more });
  for (const [name, value] of fields) if (typeof value === 'string') query.append(name, value);
  const before = [...(document.querySelector(PART)?.childNodes ?? [])];
  setBusy(form, true);
  showFound([notice('warn', meanwhile)]);
  try {
    const headers = { 'content-type': 'text/csv' };
    const answer = await fetch(`${path}?${query}`, { method: 'POST', body: file, headers });
    const target = answer.status === 202 ? answer.headers.get('location') : null;
    if (target !== null) return location.assign(target);
    // What was found can still be imported, once somebody has signed in again.
    if (showSignedOut(answer.status === 401)) return showFound(before);
    const body = bodyOf(await answer.text());
    const found = body.querySelector(PART);
    showFound(found ? [...found.childNodes] : [notice('bad', body.querySelector('main')?.textContent ?? '')]);
  } catch {
    showFound([notice('bad', 'No answer came. Check the file once more: what was imported is not imported twice.')]);
  } finally {
    setBusy(form, false);
  }
}

function setBusy(/** @type {HTMLFormElement} */ form, /** @type {boolean} */ isBusy) {
  form.setAttribute('aria-busy', String(isBusy));
  // After the listener that keeps a button from being pressed twice.
  setTimeout(() => {
    for (const button of form.querySelectorAll('button')) button.disabled = isBusy;
  });
}

/** The keyboard goes on from what was found. */
function showFound(/** @type {Node[]} */ nodes) {
  const part = document.querySelector(PART);
  part?.replaceChildren(...nodes);
  const found = part?.querySelector('[data-checked]');
  if (found instanceof HTMLElement) found.focus();
}

function notice(/** @type {string} */ tone, /** @type {string} */ text) {
  const said = document.createElement('p');
  said.className = `notice ${tone}`;
  said.textContent = text;
  return said;
}
