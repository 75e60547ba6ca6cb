// Pages that stay true while they are looked at.

import { setUpChoices } from './choices.js';
import { bodyOf, localiseTimes } from './times.js';

/** Several events of one change come together. */
const EVENTS_MS = 250;

/** Whether somebody is filling something in there, or has opened something. */
function isInUse(/** @type {Element} */ part) {
  if (part.contains(document.activeElement) || part.querySelector('details[open]')) return true;
  return [...part.querySelectorAll('form input, form textarea, form select')].some(isChanged);
}

function isChanged(/** @type {Element} */ field) {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  }
  if (!(field instanceof HTMLInputElement)) return false;
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

/** Replaces the parts of this page by those of the page as it is now. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { 'X-Part': 'page' } });
  if (showSignedOut(answer.status === 401)) return;
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const body = bodyOf(await answer.text());
  for (const part of document.querySelectorAll('[data-part]')) {
    const newer = body.querySelector(`#${part.id}`);
    if (!newer || isInUse(part)) continue;
    localiseTimes(newer);
    setUpChoices(newer);
    if (newer.innerHTML === part.innerHTML) continue;
    const kept = new Set(
      [...part.querySelectorAll('[data-keep]')].flatMap((box) =>
        box instanceof HTMLInputElement && !box.checked ? [box.dataset['keep']] : [],
      ),
    );
    part.replaceWith(newer);
    for (const box of newer.querySelectorAll('[data-keep]')) {
      if (box instanceof HTMLInputElement) box.checked = !kept.has(box.dataset['keep']);
    }
  }
}

function showConnection(/** @type {boolean} */ isLost) {
  showNotice('#connection', isLost);
}

/** A page in which somebody may have typed stays as it is when the session has ended. */
export function showSignedOut(/** @type {boolean} */ isSignedOut) {
  showNotice('#signed-out', isSignedOut);
  return isSignedOut;
}

function showNotice(/** @type {string} */ which, /** @type {boolean} */ isShown) {
  const notice = document.querySelector(which);
  if (notice instanceof HTMLElement) notice.hidden = !isShown;
}

async function refreshOrTell() {
  try {
    await refresh();
    showConnection(false);
  } catch {
    showConnection(true);
  }
}

/** A browser does not ask again for a stream that was refused, as it is while a server starts or nobody is signed in. */
const AGAIN_MS = 10_000;

/** Follows an order's events, and shows the page as it is after each. */
export function follow(/** @type {string} */ url, /** @type {string[]} */ names, /** @type {string | null} */ version) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void refreshOrTell(), EVENTS_MS);
  };
  /** @type {EventSource | undefined} */
  let source;
  const open = () => (source = openStream(url, names, { version, soon, again: () => setTimeout(open, AGAIN_MS) }));
  open();
  addEventListener('pagehide', () => source?.close());
  // The browser kept the page, but not its stream.
  addEventListener('pageshow', ({ persisted }) => persisted && open());
}

/**
 * @typedef {object} Heard
 * @property {string | null} version What the page shows.
 * @property {() => void} soon Something has happened.
 * @property {() => void} again The stream is over, and has to be opened again.
 */

function openStream(
  /** @type {string} */ url,
  /** @type {string[]} */ names,
  /** @type {Heard} */ { version, soon, again },
) {
  const source = new EventSource(url);
  // Events have names of their own; a page has no other way to hear of all of them.
  for (const name of names) source.addEventListener(name, soon);
  // What happened between the page and the first event.
  source.addEventListener('order.snapshot', ({ data }) => {
    if (String(JSON.parse(data).version) !== version) soon();
  });
  source.addEventListener('open', () => showConnection(false));
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return showConnection(source.readyState !== EventSource.OPEN);
    // A stream that was refused says no more than that; the page says why.
    void refreshOrTell();
    again();
  });
  source.addEventListener('end', () => source.close());
  return source;
}

/** Looks again every so often, while the page is seen. */
export function poll(/** @type {number} */ everyMs) {
  setInterval(() => {
    if (document.visibilityState === 'visible') void refreshOrTell();
  }, everyMs);
}
