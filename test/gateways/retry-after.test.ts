import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { toActivityFailure } from '../../activities/failures.ts';
import { retryAfterOf } from '../../src/domain/failures.ts';
import { readRetryAfter } from '../../src/gateways/read-retry-after.ts';
import { errorOf, gatewaysTo, someCharge } from './calls.ts';
import { startFakeService } from './fake-service.ts';

test.each([
  ['3', 3_000],
  [' 120 ', 120_000],
  ['0.5', 500],
  ['999999999', 86_400_000],
  ['0', undefined],
  ['-3', undefined],
  ['soon', undefined],
  ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
  [undefined, undefined],
  [['3', '4'], undefined],
])('of Retry-After %j are %s ms read', (header, expected) => {
  expect(readRetryAfter(header)).toBe(expected);
});

test('a date in Retry-After is read as the time until then', () => {
  const delayMs = readRetryAfter(new Date(Date.now() + 60_000).toUTCString());
  expect(delayMs).toBeGreaterThan(57_000);
  expect(delayMs).toBeLessThanOrEqual(60_000);
});

test.each(['429 Too Many Requests', '503 Service Unavailable'])(
  'a service that answers %s with Retry-After is left alone as long, by the engine and by the workflow',
  async (status) => {
    const service = await startFakeService(
      `HTTP/1.1 ${status}\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
    const error = await errorOf(gatewaysTo(service.url).payment.charge(someCharge(randomUUID())));
    await service.stop();
    expect(error).toMatchObject({ kind: 'unreachable', retryAfterMs: 7_000 });
    const failure = toActivityFailure(error);
    expect(failure).toMatchObject({ type: 'SERVICE_UNREACHABLE', nonRetryable: false, nextRetryDelay: 7_000 });
    expect(retryAfterOf(failure.details)).toBe(7_000);
  },
);
