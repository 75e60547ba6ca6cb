import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { z } from 'zod';
import { hasRole, type Role } from '../domain/caller.ts';
import type { Logger } from '../logger.ts';
import type { ApiEnv } from './env.ts';
import type { Authenticate } from '../access/authenticate.ts';
import type { Payload, PayloadCodec } from '../temporal/payload-codec.ts';
import { toProblem } from './problems/error-to-problem.ts';
import { ProblemError, problemResponse } from './problems/problem.ts';

/** What the codec server works with. */
export interface CodecServerOptions {
  readonly codec: PayloadCodec;
  /** `undefined` answers without a token, for a Web UI that has no login. */
  readonly authenticate: Authenticate | undefined;
  /** The Web UI's origins. Browsers let no other page read an answer, and a request from one is refused. */
  readonly origins: readonly string[];
  readonly logger: Logger;
}

/** Who may read what is encrypted. */
const readers = ['operator', 'admin'] as const satisfies readonly Role[];

/** The Web UI sends the payloads of a whole page of a history at once. */
const MAX_BODY_BYTES = 32 * 1_048_576;

/**
 * Temporal's codec server (https://docs.temporal.io/production-deployment/data-encryption), with which the Web UI and
 * `temporal --codec-endpoint` read encrypted payloads: POST `/decode` and `/encode`, also below a namespace's name. What can't be
 * decrypted is returned as it came.
 */
export function createCodecServer(options: CodecServerOptions): Hono<ApiEnv> {
  const { codec, logger, origins } = options;
  const app = new Hono<ApiEnv>();
  app.use(requestId());
  app.use(allowWebUi(origins));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  const serve = (what: string, convert: (payloads: Payload[]) => Promise<Payload[]>) => async (c: Context<ApiEnv>) => {
    const actor = await authorise(c, options);
    const payloads = await readPayloads(c);
    logger.info({ actor, request_id: c.get('requestId'), payloads: payloads.length }, what);
    return c.json({ payloads: (await convert(payloads)).map(toJson) }, 200, { 'cache-control': 'no-store' });
  };
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => problemResponse(c, new ProblemError('VALIDATION', 'The body is too large.', { status: 413 })),
  });
  const decode = serve('payloads decoded', (payloads) =>
    Promise.all(payloads.map((payload) => decodeOne(options, payload))),
  );
  const encode = serve('payloads encoded', (payloads) => codec.encode(payloads));
  for (const prefix of ['', '/:namespace']) {
    app.post(`${prefix}/decode`, limit, decode);
    app.post(`${prefix}/encode`, limit, encode);
  }
  app.notFound((c) => problemResponse(c, new ProblemError('NOT_FOUND', 'There is nothing at this path.')));
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (problem.status >= 500) logger.error({ err: error }, 'codec request failed');
    return problemResponse(c, problem);
  });
  return app;
}

function allowWebUi(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowMethods: ['POST'],
    allowHeaders: ['Authorization', 'Authorization-Extras', 'Content-Type', 'X-Namespace'],
    credentials: true,
  });
}

async function decodeOne({ codec, logger }: CodecServerOptions, payload: Payload): Promise<Payload> {
  try {
    return (await codec.decode([payload]))[0] ?? payload;
  } catch (error) {
    logger.warn({ err: error }, 'payload not decrypted');
    return payload;
  }
}

/** Returns who asks. Throws a problem when they may not, or when a page that is not the Web UI's asks in somebody's browser. */
async function authorise(c: Context<ApiEnv>, { origins, authenticate }: CodecServerOptions): Promise<string> {
  const origin = c.req.header('Origin');
  if (origin !== undefined && !origins.includes(origin)) {
    throw new ProblemError('FORBIDDEN', 'Pages of this origin may not ask: CODEC_ORIGINS does not name it.');
  }
  if (!authenticate) return 'anyone';
  const caller = await authenticate(c.req.header('Authorization'));
  if (hasRole(caller, readers)) return caller.actor;
  throw new ProblemError('FORBIDDEN', `This takes one of the roles ${readers.join(', ')}.`);
}

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** Payloads as protobuf's JSON has them. */
const bodySchema = z.object({
  payloads: z
    .array(z.looseObject({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() }))
    .default([]),
});

async function readPayloads(c: Context<ApiEnv>): Promise<Payload[]> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const read = bodySchema.safeParse(body);
  if (read.success) return read.data.payloads.map(({ metadata, data }) => ({ metadata, data }));
  throw new ProblemError('VALIDATION', 'The body must be {"payloads": [{"metadata": {…}, "data": "…"}]}, in base64.');
}

function toJson({ metadata, data }: Payload) {
  const named = Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)]);
  return { metadata: Object.fromEntries(named) as Record<string, string>, data: toBase64(data ?? new Uint8Array()) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
