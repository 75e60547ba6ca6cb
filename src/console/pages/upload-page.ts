import { csvDelimiterNames } from '../../domain/csv-delimiter.ts';
import { presetNames } from '../../imports/presets/choose-preset.ts';
import { textField } from '../actions/fields.ts';
import { each, html, type Html } from '../ui/html.ts';
import type { View } from '../view.ts';
import { layout } from './layout.ts';

/** Where a file is chosen, and what is said of it; a script sends it to be read, and then to be imported. */
export function uploadPage(view: View): Html {
  return layout(view, {
    title: 'Import a file',
    area: 'imports',
    content: html`<p class="muted"><a href="/console/imports">Imports</a></p>
      <h1>Import a file</h1>
      <p class="muted">
        A CSV file of orders of up to 100 MB, as it was exported here or in another system. It is only read first:
        nothing is written until you have seen what is in it.
      </p>
      <noscript>
        <p class="notice warn">
          A script of this page sends the file. Without scripts, import it with <code>npx orders import</code>.
        </p>
      </noscript>
      <form class="card decide" data-upload="/console/imports/new">
        <label>File <input type="file" name="file" accept=".csv,.tsv,.txt,text/csv" required /></label>
        ${modeFields()} ${missingFields()} ${unsaidFields()} ${readingFields()}
        <button class="primary">Check the file …</button>
      </form>
      <div id="part-check" aria-live="polite"></div>`,
  });
}

function modeFields(): Html {
  return html`<div class="choices" role="radiogroup" aria-label="What its orders are">
      <label
        ><input type="radio" name="mode" value="new" checked />
        <span
          ><b>New orders</b> They are placed: stock is reserved, payments are charged, customers are told.</span
        ></label
      >
      <label
        ><input type="radio" name="mode" value="history" />
        <span
          ><b>Orders of another system</b> They are taken in as they stood, with their dates and states: nothing is
          charged, reserved or told.</span
        ></label
      >
    </div>
    <details>
      <summary>Of orders of another system</summary>
      <label
        >Those that are neither paid nor shipped
        <select name="unpaid">
          <option value="">wait until they are paid</option>
          <option value="cancel">are cancelled</option>
        </select></label
      >
      <label class="check"
        ><input type="checkbox" name="take_stock" value="true" /> Take the goods of what is not shipped out of
        stock</label
      >
    </details>`;
}

function missingFields(): Html {
  return html`<div class="choices" role="group" aria-label="What is not known yet">
    <label class="check"
      ><input type="checkbox" name="create_customers" value="yes" /> Create customers that are not known</label
    >
    <label class="check"
      ><input type="checkbox" name="create_products" value="yes" /> Create products that are not known, without
      stock</label
    >
  </div>`;
}

function optional(name: string, label: string, example: string, hint = ''): Html {
  return textField(name, label, { example, hint, isRequired: false });
}

function unsaidFields(): Html {
  return html`<details>
    <summary>What the file does not say</summary>
    ${optional('source', 'Source', 'berlin-shop', 'Which shop the orders are of: they are known by it and their reference.')}
    ${optional('currency', 'Currency', 'EUR')} ${optional('country', 'Country', 'GB')}
    ${optional('customer_id', 'Customer', 'demo')} ${optional('payment_method', 'Payment method', 'tok_…')}
  </details>`;
}

function choice(name: string, label: string, usual: string, values: readonly string[]): Html {
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">${usual}</option>
      ${each(values, (value) => html`<option value="${value}">${value}</option>`)}
    </select></label
  >`;
}

function readingFields(): Html {
  return html`<details>
    <summary>How it is to be read, where that is not found by itself</summary>
    ${choice(
      'preset',
      'System that wrote it',
      'found by its header',
      presetNames.filter((name) => name !== 'auto'),
    )}
    ${choice(
      'delimiter',
      'Between the cells',
      'found by its header',
      csvDelimiterNames.filter((name) => name.length > 1),
    )}
    ${optional('encoding', 'Encoding', 'windows-1252')}
    ${choice('decimal', 'Decimal sign', 'found in the file', ['.', ','])}
    ${optional('date_format', 'Dates', 'DMY', 'DMY, MDY, YMD, or a pattern such as DD/MM/YYYY.')}
    ${optional('time_zone', 'Time zone', 'Europe/Berlin', 'Of times that state none; UTC otherwise.')}
    ${choice('prices', 'Prices of lines without one', 'are faults', ['catalogue'])}
    ${optional('tolerance', 'By how much a total may differ', '0.05')}
    <label
      >Columns, one on a line
      <textarea name="columns" rows="3" placeholder="sku=Article number" spellcheck="false"></textarea>
      <small>A field and the header that it is taken from; “-” for none.</small></label
    >
  </details>`;
}
