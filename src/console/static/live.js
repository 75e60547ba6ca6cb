// Pages that stay true while they are looked at.

import { setUpChoices } from './choices.js';
import { bodyOf, localiseTimes } from './times.js';

/** Several events of one change come together. */
const EVENTS_MS = 250;

/** Whether somebody is filling something in there, or has opened something. */
function isInUse(/** @type {Element} */ part) {
  if (part.contains(document.activeElement) || part.querySelector('details[open]')) return true;
  return [...part.querySelectorAll('form input, form textarea')].some(isChanged);
}

function isChanged(/** @type {Element} */ field) {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
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
function showSignedOut(/** @type {boolean} */ isSignedOut) {
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

/** Follows an order's events, and shows the page as it is after each. */
export function follow(/** @type {string} */ url, /** @type {string[]} */ names, /** @type {string | null} */ version) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void refreshOrTell(), EVENTS_MS);
  };
  const source = new EventSource(url);
  // Events have names of their own; a page has no other way to hear of all of them.
  for (const name of names) source.addEventListener(name, soon);
  // What happened between the page and the first event.
  source.addEventListener('order.snapshot', ({ data }) => {
    if (String(JSON.parse(data).version) !== version) soon();
  });
  source.addEventListener('open', () => showConnection(false));
  source.addEventListener('error', () => {
    // A stream that was refused says no more than that; the page says why.
    if (source.readyState === EventSource.CLOSED) void refreshOrTell();
    else showConnection(source.readyState !== EventSource.OPEN);
  });
  source.addEventListener('end', () => source.close());
  addEventListener('pagehide', () => source.close());
}

/** Looks again every so often, while the page is seen. */
export function poll(/** @type {number} */ everyMs) {
  setInterval(() => {
    if (document.visibilityState === 'visible') void refreshOrTell();
  }, everyMs);
}
