import { z } from 'zod';
import { CREDENTIALS_REFUSED, GatewayError, type GatewayErrorKind } from './gateway-error.ts';

/** What a service has answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
}

const refusal = z.object({ code: z.string(), message: z.string().optional(), details: z.unknown().optional() });

/** Failures to connect: nothing was sent, so the service can't have acted. */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UNUSABLE_CERTIFICATES',
]);

/** The service wants a certificate from this system, or another one. */
const certificateRefused =
  /^ERR_SSL_.*_ALERT_(CERTIFICATE_(REQUIRED|EXPIRED|REVOKED|UNKNOWN)|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/;

/** One side does not trust the other's certificate: nothing is done before both have agreed on a connection. */
const untrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_|ERR_SSL_(TLSV1|SSLV3|TLSV13|SSL\/TLS)_ALERT_)/;

/** A call that got no answer, as what the connection failed with; `hasCertificate`: the connection shows one of this system. */
export function lostBy(service: string, cause: unknown, hasCertificate = false): GatewayError {
  const code = connectionErrorCode(cause);
  if (code !== undefined && certificateRefused.test(code)) {
    const message = refusedCredentials(service, code);
    return new GatewayError('unreachable', service, message, { code: CREDENTIALS_REFUSED, cause });
  }
  if (code !== undefined && (notConnected.has(code) || untrusted.test(code))) {
    return new GatewayError('unreachable', service, `${service} can't be reached (${code})`, { cause });
  }
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  // A server that wants another certificate closes the connection when the request is on its way, and may say nothing more.
  const hint = hasCertificate ? ' (does it accept the certificate that it is shown?)' : '';
  const reason = isLate ? 'no reply in time' : `reply lost${hint}`;
  return new GatewayError('unknown', service, `${service}: ${reason}`, { cause });
}

function connectionErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return connectionErrorCode(inner);
}

function refusedCredentials(service: string, how: string): string {
  const prefix = service.toUpperCase();
  return `${service} refuses this system's credentials (${how}): check ${prefix}_TOKEN, ${prefix}_OAUTH_… or ${prefix}_CLIENT_CERT`;
}

/** An answer other than success, as what its status and body say. */
export function refusedBy(service: string, { status, body, retryAfterMs }: Answer): GatewayError {
  if (status === 401 || status === 403) {
    // What the service says of credentials may hold them.
    return new GatewayError('unreachable', service, refusedCredentials(service, String(status)), {
      code: CREDENTIALS_REFUSED,
      status,
      retryAfterMs,
    });
  }
  const parsed = refusal.safeParse(body);
  const { code, message, details } = parsed.success
    ? parsed.data
    : { code: undefined, message: undefined, details: undefined };
  return new GatewayError(kindOf(status), service, `${service} answered ${status}${message ? `: ${message}` : ''}`, {
    code,
    details,
    status,
    retryAfterMs,
  });
}

function kindOf(status: number): GatewayErrorKind {
  // 503 and 429 say that the request was turned away at the door.
  if (status === 503 || status === 429) return 'unreachable';
  if (status >= 500 || status === 408) return 'unknown';
  return status === 402 || status === 404 || status === 409 ? 'refused' : 'rejected';
}
