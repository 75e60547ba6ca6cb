// How moments are shown, and how a page that was fetched is read.

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const hour = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });

const forms = new Map([
  ['short', short],
  ['hour', hour],
]);

/** Shows moments in the viewer's own zone; UTC stays in the title. */
export function localiseTimes(/** @type {ParentNode} */ root) {
  for (const time of root.querySelectorAll('time[data-form]')) {
    if (!(time instanceof HTMLTimeElement)) continue;
    time.textContent = (forms.get(time.dataset['form'] ?? '') ?? full).format(new Date(time.dateTime));
  }
}

/** A page of the console, as text, read. */
export function bodyOf(/** @type {string} */ text) {
  return new DOMParser().parseFromString(text, 'text/html').body;
}
