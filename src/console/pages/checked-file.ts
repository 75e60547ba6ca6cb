import type { ImportDryRun } from '../../client/client.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { counted, wordsOf } from '../ui/words.ts';
import { money, type View } from '../view.ts';
import { readingWords, readingTable } from './import-reading.ts';
import { table } from './table.ts';

/** Customers and products that are named one by one. */
const NAMED = 20;

/** What is in a file that was only read, and the button that imports it under the key. */
export function checkedPart(view: View, found: ImportDryRun, key: string): Html {
  const fitting = found.orders - found.refused;
  return html`<div id="part-check" aria-live="polite">
    <section class="card" aria-label="What is in the file" tabindex="-1" data-checked>
      <h2>What is in the file</h2>
      <p>
        ${readingWords(found)} ${counted(found.rows, 'row')}, ${counted(found.orders, 'order')}: ${fitting} can be
        imported${found.refused > 0 ? html`, <span class="badge bad">${found.refused} ${found.refused === 1 ? 'has' : 'have'} a fault</span>` : nothing}.
        ${known(found)}
      </p>
      ${sumsTable(view, found)} ${statesTable(found)} ${faultTables(found)} ${missingPart(found)}
      ${fitting > 0 ? importButton(found, fitting, key) : html`<p><b>None of its orders can be imported.</b></p>`}
      ${readingTable(found)}
      ${found.unused_columns.length === 0 ? nothing : html`<p class="muted">Taken for nothing: ${found.unused_columns.join(', ')}.</p>`}
    </section>
  </div>`;
}

/** Why a file was not read, or not imported. */
export function refusedPart(text: string): Html {
  return html`<div id="part-check" aria-live="polite">
    <p class="notice bad" role="alert" tabindex="-1" data-checked>${text}</p>
  </div>`;
}

function known({ known: count }: ImportDryRun): string {
  if (count === 0) return '';
  return count === 1
    ? '1 is on record already under its reference: it is not placed a second time, unless it had failed.'
    : `${count} are on record already under their references: they are not placed a second time, unless they had failed.`;
}

function importButton({ refused, mode }: ImportDryRun, fitting: number, key: string): Html {
  return html`<p>
    <button class="primary" type="button" data-import="${key}">
      ${mode === 'history' ? 'Take in' : 'Place'} ${counted(fitting, 'order')}
    </button>
    ${refused > 0 ? html`<span class="muted">What has a fault is left out, and stands in the errors file.</span>` : nothing}
  </p>`;
}

function sumsTable(view: View, { sums }: ImportDryRun): Html {
  if (sums.length === 0) return nothing;
  const heads = ['Currency', 'Orders', 'Goods', 'Discount', 'Tax', 'Shipping', 'Fees', 'Total', 'Refunded'];
  return html`<h3>What they come to</h3>
    ${table('Sums', heads, sums, ({ currency, orders, unpriced, goods, ...sum }) => [
      html`${currency}`,
      html`${orders}${unpriced > 0 ? html` <small>${unpriced} without a price</small>` : nothing}`,
      ...[goods, sum.discount, sum.tax, sum.shipping, sum.fees, sum.total, sum.refunded].map(
        (amount) => html`${amount === null ? '' : money(view, amount, currency)}`,
      ),
    ])}`;
}

function statesTable({ states }: ImportDryRun): Html {
  if (states.length === 0) return nothing;
  return html`<h3>How far they have got</h3>
    ${table('States', ['State', 'Payment', 'Orders'], states, (one) => [
      html`${wordsOf(one.state)}`,
      html`${wordsOf(one.payment_state)}`,
      html`${one.orders}`,
    ])}`;
}

function faultTables({ problems, faults, differing, differences }: ImportDryRun): Html {
  return html`${
    problems.length === 0
      ? nothing
      : html`<h3>Faults</h3>
          ${table('Faults', ['What is wrong', 'Orders'], problems, (one) => [html`${one.message}`, html`${one.orders}`])}
          <h3>The first ${faults.length === 1 ? 'one' : faults.length}</h3>
          ${table('The first faults', ['Line', 'Order', 'Column', 'What is wrong'], faults, (one) => [
            html`${one.line ?? ''}`,
            html`${one.order_reference}`,
            html`${one.column ?? ''}`,
            html`${one.message}`,
          ])}`
  }
  ${
    differing === 0
      ? nothing
      : html`<h3>${counted(differing, 'order')} would come to something else than the file states</h3>
          ${table('Differences', ['Order', 'How'], differences, (one) => [
            html`${one.order_reference}`,
            html`${one.message}`,
          ])}`
  }`;
}

function missingPart({ missing_customers: customers, missing_products: products }: ImportDryRun): Html {
  return html`${missingList(
    'Customers',
    customers.map(({ id, name }) => (name === null ? id : `${name} (${id})`)),
  )}
  ${missingList(
    'Products',
    products.map(({ sku, name, price, currency }) => `${sku} ${name}, ${price} ${currency}`),
  )}`;
}

function missingList(what: 'Customers' | 'Products', names: readonly string[]): Html {
  if (names.length === 0) return nothing;
  const more = names.length - NAMED;
  return html`<h3>${what} that are not known: ${names.length}</h3>
    <p class="muted">
      They are created if “Create ${what.toLowerCase()} that are not known” is ticked, or have to be loaded first.
    </p>
    <ul>
      ${each(names.slice(0, NAMED), (name) => html`<li>${name}</li>`)}
      ${more > 0 ? html`<li>and ${more} more</li>` : nothing}
    </ul>`;
}
