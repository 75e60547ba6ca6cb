import { html, nothing, type Html } from '../ui/html.ts';
import { may, type Told, type View } from '../view.ts';

interface Page {
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly area?: Area;
  /** Whether the content says what the last action came to. */
  readonly isToldInside?: boolean;
  readonly content: Html;
}

/** An entry of the navigation. */
export type Area = 'work' | 'orders' | 'imports' | 'operations' | 'audit';

const document = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="same-origin" />
        <title>${title} · Orders</title>
        <link rel="icon" href="/console/static/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/console/static/console.css" />
        <script type="module" src="/console/static/console.js"></script>
      </head>
      ${body}
    </html>`;

/** A page for somebody who is signed in. */
export function layout(view: View, { title, area, isToldInside = false, content }: Page): Html {
  const body = html`<body>
    <a class="skip" href="#content">Skip to the content</a>
    <header class="top">
      <a class="brand" href="/console">Orders</a>
      ${searchBox()}
      <nav aria-label="Console">
        ${entry('work', 'Work', '/console', area)} ${entry('orders', 'All orders', '/console/orders', area)}
        ${
          may(view, ['operator', 'admin'])
            ? html`${entry('imports', 'Imports', '/console/imports', area)}
              ${entry('operations', 'Operations', '/console/operations', area)}
              ${entry('audit', 'Audit', '/console/audit', area)}`
            : nothing
        }
      </nav>
      <form class="who" method="post" action="/console/sign-out">
        <span title="${view.signedIn.caller.roles.join(', ')}" data-who="${view.signedIn.caller.subject}"
          >${view.signedIn.name}</span
        >
        <span class="badge plain">${view.signedIn.caller.roles[0] ?? ''}</span>
        <button class="quiet">Sign out</button>
      </form>
    </header>
    <div id="connection" class="notice warn" role="status" hidden>
      The connection is lost: what you see may be out of date. It comes back by itself.
    </div>
    <div id="signed-out" class="notice warn" role="status" hidden>
      You are signed out. <a href="/console/sign-in" target="_blank">Sign in in another tab</a>, and go on here: what
      you have typed stays.
    </div>
    <main id="content" tabindex="-1">${view.told && !isToldInside ? toldNotice(view.told) : nothing} ${content}</main>
  </body>`;
  return document(title, body);
}

/** What the last action came to; the keyboard goes on from there. */
export function toldNotice({ text, isRefused }: Told): Html {
  return isRefused
    ? html`<div class="notice bad" role="alert" tabindex="-1" autofocus data-refused>${text}</div>`
    : html`<div class="notice good" role="status" tabindex="-1" autofocus data-done>${text}</div>`;
}

function searchBox(): Html {
  return html`<form class="search" role="search" action="/console/orders">
    <input
      id="search"
      name="q"
      type="search"
      autocomplete="off"
      spellcheck="false"
      maxlength="254"
      role="combobox"
      aria-expanded="false"
      aria-controls="found"
      aria-autocomplete="list"
      aria-label="Find orders by number, reference, e-mail, name, tracking number or payment id"
      placeholder="Find by number, e-mail, name, tracking … ( / )"
    />
    <div id="found" role="listbox" aria-label="Orders found" hidden></div>
  </form>`;
}

function entry(area: Area, name: string, path: string, current: Area | undefined): Html {
  return area === current
    ? html`<a href="${path}" aria-current="page">${name}</a>`
    : html`<a href="${path}">${name}</a>`;
}

/** A page for whoever is not signed in. */
export function plainPage(title: string, content: Html): Html {
  return document(
    title,
    html`<body class="plain-page">
      <main id="content" data-between>
        <p class="brand">Orders</p>
        <h1>${title}</h1>
        ${content}
      </main>
    </body>`,
  );
}
