import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** A page of the sandbox. */
export function htmlPage(title: string, content: HtmlEscapedString | Promise<HtmlEscapedString>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          body {
            font-family: system-ui, sans-serif;
            max-width: 960px;
            margin: 24px auto;
            padding: 0 16px;
          }
          th,
          td {
            text-align: left;
            vertical-align: top;
            padding: 4px 16px 4px 0;
          }
          iframe {
            width: 100%;
            height: 640px;
            border: 1px solid #8888;
          }
          pre {
            white-space: pre-wrap;
          }
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
      </body>
    </html>`;
}
