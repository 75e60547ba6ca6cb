import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FakeStripeError } from './fake-error.ts';
import { readForm } from './form.ts';
import { SavedAnswers, type FakeAnswer } from './saved-answers.ts';
import { signEvent } from './sign-event.ts';
import { StripeBooks } from './stripe-books.ts';
import { StripeFaults, type StripeFault } from './stripe-faults.ts';
import type { StripeEvent } from './stripe-objects.ts';
import { answer as answerBy } from './stripe-routes.ts';

/** A request that was received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly idempotencyKey: string | undefined;
  readonly version: string | undefined;
  readonly atMs: number;
}

/** A Stripe that keeps its books in memory and speaks Stripe's HTTP; whatever can go wrong can be asked for. */
export interface FakeStripe {
  readonly url: string;
  readonly books: StripeBooks;
  readonly faults: StripeFaults;
  readonly saved: SavedAnswers;
  readonly requests: ReceivedRequest[];
  /** Executes what came with the fault `late`. */
  readonly releaseLate: () => void;
  /** Sends events, signed, and answers the statuses. */
  readonly send: (url: string, secrets: readonly string[], events?: readonly StripeEvent[]) => Promise<number[]>;
  readonly stop: () => Promise<void>;
}

/** Starts one. `searchLagMs`: how late its search shows what was made; a minute by default, as Stripe says. */
export async function startFakeStripe({ port = 0, searchLagMs = 60_000 } = {}): Promise<FakeStripe> {
  const books = new StripeBooks();
  const faults = new StripeFaults();
  const saved = new SavedAnswers();
  const requests: ReceivedRequest[] = [];
  const late: (() => void)[] = [];
  const server = createServer((request, response) => {
    void handle({ books, faults, saved, requests, late, searchLagMs }, request, response).catch(() =>
      response.destroy(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    books,
    faults,
    saved,
    requests,
    releaseLate: () => {
      for (const effect of late.splice(0)) effect();
    },
    send: (url, secrets, events = books.events) => sendEvents(url, secrets, events),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Parts extends Pick<FakeStripe, 'books' | 'faults' | 'saved' | 'requests'> {
  readonly late: (() => void)[];
  readonly searchLagMs: number;
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const { method = 'GET', headers } = request;
  const { pathname: path, search } = new URL(request.url ?? '/', 'http://stripe');
  const received = {
    method,
    path,
    body: method === 'GET' ? search.slice(1) : Buffer.concat(chunks).toString(),
    idempotencyKey: method === 'POST' ? headerOf(headers['idempotency-key']) : undefined,
    version: headerOf(headers['stripe-version']),
    atMs: Date.now(),
  };
  parts.requests.push(received);
  if (!/^(Bearer|Basic) \S+/.test(headers.authorization ?? '')) {
    reply(
      response,
      toAnswer(new FakeStripeError(401, { type: 'invalid_request_error', message: 'You did not provide an API key.' })),
    );
    return;
  }
  const fault = parts.faults.take(method, path);
  const given = respond(parts, received, fault);
  if (given) reply(response, given);
  else response.destroy();
}

/** What is answered; `undefined`: nothing, the connection breaks. */
function respond(parts: Parts, received: ReceivedRequest, fault: StripeFault | undefined): FakeAnswer | undefined {
  switch (fault?.mode) {
    case undefined:
      return execute(parts, received);
    case '429':
      return {
        status: 429,
        headers: { 'retry-after': String(fault.retryAfterSeconds ?? 1) },
        body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } },
      };
    case 'dropped':
      return undefined;
    case 'lost':
      execute(parts, received);
      return undefined;
    case 'late':
      parts.late.push(() => void execute(parts, received));
      return undefined;
    case '500':
      return execute(parts, received, () => internalError);
    case '500_after':
      return execute(parts, received, (effect) => {
        effect();
        return internalError;
      });
    default:
      return fault?.mode satisfies undefined;
  }
}

const internalError = {
  status: 500,
  body: { error: { type: 'api_error', message: 'Something went wrong.' } },
} as const;

/** Executes a request once per idempotency key. */
function execute(
  { books, saved, searchLagMs }: Parts,
  { method, path, body, idempotencyKey }: ReceivedRequest,
  instead: (effect: () => FakeAnswer) => FakeAnswer = (effect) => effect(),
): FakeAnswer {
  const effect = () => {
    try {
      const answered = answerBy(books, { method, path, form: readForm(body) }, searchLagMs);
      // As it is now: the books go on.
      return { status: 200, body: structuredClone(answered) };
    } catch (error) {
      return toAnswer(error);
    }
  };
  if (idempotencyKey === undefined) return instead(effect);
  const request = `${method} ${path} ${body}`;
  try {
    const known = saved.find(idempotencyKey, request);
    if (known) return known;
  } catch (error) {
    return toAnswer(error);
  }
  saved.begin(idempotencyKey, request);
  const given = instead(effect);
  saved.end(idempotencyKey, given);
  return given;
}

function toAnswer(error: unknown): FakeAnswer {
  if (error instanceof FakeStripeError) return { status: error.status, body: error.body };
  return { status: 500, body: { error: { type: 'api_error', message: String(error) } } };
}

function reply(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake', ...headers });
  response.end(JSON.stringify(body));
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

async function sendEvents(url: string, secrets: readonly string[], events: readonly StripeEvent[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const event of events) {
    const payload = JSON.stringify(event, null, 2);
    const headers = { 'content-type': 'application/json', 'stripe-signature': signEvent(payload, secrets) };
    const { status } = await fetch(url, { method: 'POST', headers, body: payload });
    statuses.push(status);
  }
  return statuses;
}
