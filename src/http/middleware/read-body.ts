import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Caller } from '../../domain/caller.ts';
import { invalidRequest } from '../../domain/refusal.ts';
import { excessOfJson } from '../../orders/bound-json.ts';
import { ProblemError } from '../problems/problem.ts';
import type { BodyBudget } from './body-budget.ts';
import { addressOf } from './limit-rate.ts';
import { receiveBody } from './receive-body.ts';
import { decodeUtf8, requireUtf8Json } from './require-utf8.ts';

/** What bounds the bodies of a process. */
export interface BodyBounds {
  readonly budget: BodyBudget;
  /** How long a sender may be silent; see `BODY_TIMEOUT`. */
  readonly silenceMs: number;
}

/**
 * Lets a handler have the JSON of a request in pieces, as `c.get('body')`, at most `maxBytes` of it. Refuses what its headers show to be of the
 * wrong type or too large, before anything is read.
 */
export function admitJson({ budget, silenceMs }: BodyBounds, maxBytes: number): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('Content-Type') === undefined && !hasBody(c)) return next();
    requireUtf8Json(c);
    const expected = Number(c.req.header('Content-Length') ?? 0);
    if (expected > maxBytes) throw tooLarge(maxBytes);
    const reservation = budget.begin(senderOf(c), { expected, maxBytes });
    const pieces = async function* () {
      let received = 0;
      for await (const piece of receiveBody(c, silenceMs)) {
        received += piece.length;
        if (received > maxBytes) throw tooLarge(maxBytes);
        reservation.add(piece.length);
        yield piece;
      }
      reservation.complete();
    };
    c.set('body', pieces());
    try {
      await next();
    } finally {
      reservation.release();
    }
  };
}

/**
 * Reads the JSON that was admitted into memory, for whoever asks for it from here on. An empty body that calls itself JSON, as many clients
 * send it, is an empty object where none is needed.
 */
export function readJson({ isRequired }: { isRequired: boolean }): MiddlewareHandler {
  return async (c, next) => {
    const pieces = c.get('body') as AsyncIterable<Uint8Array> | undefined;
    if (!pieces) return next();
    const read: Uint8Array[] = [];
    for await (const piece of pieces) read.push(piece);
    const text = decodeUtf8(Buffer.concat(read));
    const message = excessOfJson(text);
    if (message !== undefined) throw invalidRequest([{ pointer: '', message }]);
    // Hono keeps promises here, whatever its types say.
    c.req.bodyCache = { text: Promise.resolve(text === '' && !isRequired ? '{}' : text) as unknown as string };
    return next();
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
