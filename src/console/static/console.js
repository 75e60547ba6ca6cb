// What the console's pages can't do by themselves. Every page works without it but the one that sends a file.

import { setUpChoices } from './choices.js';
import { keepTyped } from './typed.js';
import { follow, poll } from './live.js';
import { setUpSearch } from './search.js';
import { localiseTimes } from './times.js';
import { setUpUpload } from './upload.js';

document.addEventListener('submit', ({ target, submitter }) => {
  // Twice is no harm, but it is not what anybody wants.
  if (target instanceof HTMLFormElement && submitter instanceof HTMLButtonElement)
    setTimeout(() => (submitter.disabled = true));
});

addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[disabled]')) button.removeAttribute('disabled');
});

/** What a link or a refusal points to is open. */
function openTarget() {
  const opened = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (opened instanceof HTMLDetailsElement) opened.open = true;
}

localiseTimes(document);
keepTyped();
setUpChoices(document);
const upload = document.querySelector('form[data-upload]');
if (upload instanceof HTMLFormElement) setUpUpload(upload);
const search = document.querySelector('#search');
const found = document.querySelector('#found');
if (search instanceof HTMLInputElement && found instanceof HTMLElement) setUpSearch(search, found);
const followed = document.querySelector('[data-events]');
const events = followed?.getAttribute('data-events');
if (followed && events)
  follow(events, followed.getAttribute('data-names')?.split(' ') ?? [], followed.getAttribute('data-version'));
const every = Number(document.querySelector('[data-poll]')?.getAttribute('data-poll') ?? 0);
if (every > 0) poll(every);
openTarget();
addEventListener('hashchange', openTarget);
