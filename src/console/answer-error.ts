import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RequestErrorCode } from '../access/request-error.ts';
import { toRequestError } from '../access/to-request-error.ts';
import { OrdersProblemError } from '../client/client.ts';
import type { Logger } from '../logger.ts';
import type { ConsoleEnv } from './console-env.ts';
import { describeRefusal } from './describe-refusal.ts';
import { showPage } from './show-page.ts';
import { html, nothing, type Html } from './ui/html.ts';
import { ownPath } from './sign-in/sign-in-routes.ts';
import { layout, plainPage } from './pages/layout.ts';

const statuses: Readonly<Partial<Record<RequestErrorCode, ContentfulStatusCode>>> = {
  VALIDATION: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  ORD004: 404,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** Says what went wrong and what to do, as a page of its own. */
export function answerError(error: Error, c: Context<ConsoleEnv>, logger: Logger): Response | Promise<Response> {
  const { status, title, detail, code } = describe(error);
  if (status >= 500 && !(error instanceof OrdersProblemError)) {
    logger.error({ request_id: c.get('requestId'), code, err: error }, 'console request failed');
  }
  const content = html`<p>${detail}</p>
    ${status >= 500 ? html`<p class="muted">Request ${c.get('requestId')}</p>` : nothing}
    <p>${whatNext(status, c)}</p>`;
  const view = c.get('view') as ConsoleEnv['Variables']['view'] | undefined;
  const page =
    view && status !== 401
      ? layout(view, {
          title,
          content: html`<div data-between>
            <h1>${title}</h1>
            ${content}
          </div>`,
        })
      : plainPage(title, content);
  return showPage(c, page, status);
}

function whatNext(status: number, c: Context): Html {
  if (status === 401) {
    return html`<a class="button primary" href="/console/sign-in?to=${encodeURIComponent(cameFrom(c))}">Sign in</a>`;
  }
  if (status >= 500 || status === 429) return html`<a class="button" href="${pathOf(c)}">Try again</a>`;
  if (c.get('view') !== undefined) return html`<a class="button" href="/console">To the start</a>`;
  // Their provider would sign the same person in again.
  if (status === 403) return html`<a class="button" href="/console/signed-out">Sign in as somebody else</a>`;
  return html`<a class="button" href="/console/sign-in">Sign in</a>`;
}

/** The page whose form was sent. */
function cameFrom({ req }: Context): string {
  const referer = req.header('Referer') ?? '';
  const { pathname = '/console', search = '' } = URL.canParse(referer) ? new URL(referer) : {};
  return ownPath(pathname + search);
}

function pathOf(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return c.req.method === 'GET' ? pathname + search : cameFrom(c);
}

interface Described {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

function describe(error: Error): Described {
  if (error instanceof OrdersProblemError) {
    const { status, code } = error;
    return { status: status as ContentfulStatusCode, code, title: titleOf(status), detail: describeRefusal(error) };
  }
  const { code, message } = toRequestError(error);
  const status = statuses[code] ?? 500;
  return { status, code, title: titleOf(status), detail: message };
}

function titleOf(status: number): string {
  if (status === 401) return 'Signed out';
  if (status === 403) return 'Not for your role';
  if (status === 404) return 'Nothing is here';
  if (status === 429) return 'Too many requests';
  return status >= 500 ? 'This is not available right now' : 'This can’t be done';
}
