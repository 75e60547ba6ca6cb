// Choosing rows of a table.

const CHOICES = 'input[name^="chosen:"]';

/** Shows the box that ticks or clears all of its table. */
export function setUpChoices(/** @type {ParentNode} */ root) {
  for (const all of root.querySelectorAll('[data-all]')) {
    const table = all.closest('table');
    if (!(all instanceof HTMLInputElement) || !table) continue;
    all.hidden = false;
    const boxes = [...table.querySelectorAll(CHOICES)].filter((box) => box instanceof HTMLInputElement);
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    table.addEventListener('change', ({ target }) => {
      if (target === all) for (const box of boxes) box.checked = all.checked;
      count();
    });
    // A browser may bring ticks back with the page.
    count();
  }
}
