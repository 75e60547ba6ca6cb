import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Caller } from '../../domain/caller.ts';
import { ProblemError } from '../problems/problem.ts';
import type { BodyBudget } from './body-budget.ts';
import { boundJson } from './bound-json.ts';
import { addressOf } from './limit-rate.ts';
import { receiveBody } from './receive-body.ts';
import { decodeUtf8, requireUtf8Json } from './require-utf8.ts';

/** What bounds the bodies of a process. */
export interface BodyBounds {
  readonly budget: BodyBudget;
  /** How long a sender may be silent; see `BODY_TIMEOUT`. */
  readonly silenceMs: number;
}

/** What a route says of its body. */
export interface BodyForm {
  readonly maxBytes: number;
  readonly isRequired: boolean;
}

/**
 * Reads the JSON of a request into memory, for whoever asks for it from here on. Refuses what its headers show to be of the wrong type or too
 * large before it reads anything. An empty body that calls itself JSON, as many clients send it, is an empty object where none is needed.
 */
export function readBody({ budget, silenceMs }: BodyBounds, { maxBytes, isRequired }: BodyForm): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('Content-Type') === undefined && !hasBody(c)) return next();
    requireUtf8Json(c);
    const expected = Number(c.req.header('Content-Length') ?? 0);
    if (expected > maxBytes) throw tooLarge(maxBytes);
    const reservation = budget.begin(senderOf(c), { expected, maxBytes });
    try {
      const chunks: Uint8Array[] = [];
      let received = 0;
      for await (const chunk of receiveBody(c, silenceMs)) {
        received += chunk.length;
        if (received > maxBytes) throw tooLarge(maxBytes);
        reservation.add(chunk.length);
        chunks.push(chunk);
      }
      reservation.complete();
      const text = decodeUtf8(Buffer.concat(chunks));
      if (maxBytes < 1_000_000) boundJson(text);
      // Hono keeps promises here, whatever its types say.
      c.req.bodyCache = { text: Promise.resolve(text === '' && !isRequired ? '{}' : text) as unknown as string };
      await next();
    } finally {
      reservation.release();
    }
  };
}

function hasBody({ env, req }: Context): boolean {
  const { incoming } = (env ?? {}) as Partial<HttpBindings>;
  if (!incoming) return req.raw.body !== null;
  return req.header('Transfer-Encoding') !== undefined || Number(req.header('Content-Length') ?? 0) > 0;
}

function senderOf(c: Context): string {
  const caller = c.get('caller') as Caller | undefined;
  return caller ? `user:${caller.subject}` : `address:${addressOf(c)}`;
}

/** The refusal of a body of more than `maxBytes`. */
function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('VALIDATION', `The body is larger than ${inWords(maxBytes)}.`, {
    status: 413,
    details: [{ pointer: '', message: `must be at most ${maxBytes} bytes` }],
  });
}

/** A size as people say it, such as `256 kB`. */
export function inWords(bytes: number): string {
  return bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1_000} kB`;
}
