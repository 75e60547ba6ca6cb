// The search box: what is found while somebody types, chosen with the arrows and opened with Enter.

import { showSignedOut } from './live.js';
import { bodyOf } from './times.js';

/** After how long without a key it is looked up. */
const TYPING_MS = 150;

/** The box and the list of what it offers. */
class Search {
  #input;
  #list;
  /** @type {AbortController | undefined} */
  #running;

  constructor(/** @type {HTMLInputElement} */ input, /** @type {HTMLElement} */ list) {
    this.#input = input;
    this.#list = list;
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  get chosen() {
    return this.#list.querySelector('[aria-selected=true]');
  }

  has(/** @type {Node} */ node) {
    return node === this.#input || this.#list.contains(node);
  }

  close() {
    this.#show(false);
  }

  /** Chooses the next one, or the one before. */
  move(/** @type {1 | -1} */ step) {
    const all = [...this.#list.querySelectorAll('[role=option]')];
    const before = this.chosen;
    const first = step > 0 ? 0 : all.length - 1;
    const index = before ? all.indexOf(before) + step : first;
    before?.setAttribute('aria-selected', 'false');
    const next = all[(index + all.length) % all.length];
    if (!next) return;
    next.setAttribute('aria-selected', 'true');
    next.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', next.id);
  }

  /** Looks up what is in the box, instead of what it was looking up. */
  async look() {
    this.#running?.abort();
    const { signal } = (this.#running = new AbortController());
    const q = this.#input.value.trim();
    if (q === '') return this.close();
    try {
      const headers = { 'X-Part': 'found' };
      const answer = await fetch(`/console/search?q=${encodeURIComponent(q)}`, { headers, signal });
      if (showSignedOut(answer.status === 401)) return this.close();
      if (!answer.ok) return this.#say('This can’t be looked up right now. Enter tries again.');
      this.#list.replaceChildren(...bodyOf(await answer.text()).childNodes);
      this.#show(true);
    } catch {
      if (!signal.aborted) this.#say('There is no connection. Enter tries again.');
    }
  }

  #say(/** @type {string} */ text) {
    const line = document.createElement('p');
    line.className = 'empty';
    line.textContent = text;
    this.#list.replaceChildren(line);
    this.#show(true);
  }

  #show(/** @type {boolean} */ isOpen) {
    this.#list.hidden = !isOpen;
    this.#input.setAttribute('aria-expanded', String(isOpen));
    this.#input.removeAttribute('aria-activedescendant');
  }
}

/** Makes the search box offer what it finds. */
export function setUpSearch(/** @type {HTMLInputElement} */ input, /** @type {HTMLElement} */ list) {
  const search = new Search(input, list);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void search.look(), TYPING_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (!search.isOpen) return;
    if (event.key === 'Escape') {
      // The browser would empty the box as well.
      event.preventDefault();
      search.close();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      search.move(event.key === 'ArrowDown' ? 1 : -1);
    }
    const { chosen } = search;
    if (event.key === 'Enter' && chosen instanceof HTMLAnchorElement) {
      event.preventDefault();
      location.assign(chosen.href);
    }
  });
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && !search.has(target)) search.close();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = document.activeElement?.matches('input, textarea, select') === true;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
