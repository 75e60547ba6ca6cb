// How moments are shown, and how a page that was fetched is read.

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
/** @type {Intl.DateTimeFormatOptions} */
const ofThisYear = { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' };
const hour = new Intl.DateTimeFormat(undefined, ofThisYear);
const short = new Intl.DateTimeFormat(undefined, { ...ofThisYear, second: '2-digit' });
const ofAnotherYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function formOf(/** @type {string | undefined} */ name, /** @type {Date} */ at) {
  if (name === 'hour') return hour;
  if (name !== 'short') return full;
  return at.getFullYear() === new Date().getFullYear() ? short : ofAnotherYear;
}

/** Shows moments in the viewer's own zone; UTC stays in the title. */
export function localiseTimes(/** @type {ParentNode} */ root) {
  for (const time of root.querySelectorAll('time[data-form]')) {
    if (!(time instanceof HTMLTimeElement)) continue;
    const at = new Date(time.dateTime);
    time.textContent = formOf(time.dataset['form'], at).format(at);
  }
}

/** A page of the console, as text, read. */
export function bodyOf(/** @type {string} */ text) {
  return new DOMParser().parseFromString(text, 'text/html').body;
}
