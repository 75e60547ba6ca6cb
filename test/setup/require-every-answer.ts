import { readFile } from 'node:fs/promises';

/** Answers that are documented because a saga may bring them, at a moment that no test of the API waits for; those of the saga have theirs. */
const left = new Set([
  'PATCH /api/v1/orders/{id} 402',
  'PUT /api/v1/orders/{id} 202',
  'PUT /api/v1/orders/{id} 402',
  'POST /api/v1/orders/{id}/refunds 201',
  'POST /api/v1/orders/{id}/items 402',
  'PATCH /api/v1/orders/{id}/items/{item_id} 402',
  'PATCH /api/v1/orders/{id}/items/{item_id} 409',
  'DELETE /api/v1/orders/{id}/items/{item_id} 402',
  'DELETE /api/v1/orders/{id}/items/{item_id} 409',
  'POST /api/v1/orders/{id}/payment 409',
  'POST /api/v1/orders/{id}/saga/{step} 409',
  'POST /api/v1/orders/{id}/returns 202',
  'POST /api/v1/imports/{id}/pause 200',
  'POST /api/v1/imports/{id}/pause 202',
  'POST /api/v1/imports/{id}/resume 200',
  'POST /api/v1/imports/{id}/resume 202',
  'POST /api/v1/imports/{id}/cancel 200',
  'POST /api/v1/imports/{id}/cancel 202',
  // Every route says so; this one has no user to count.
  'POST /api/v1/webhooks/payments 429',
]);

/**
 * After a run of all tests, fails it when the API documents an answer that no test got. `file` has a line for each documented answer,
 * which begins with `?`, and one for each that a test got.
 */
export async function requireEveryAnswer(file: string): Promise<void> {
  if (!isWholeRun()) return;
  const lines = (await readFile(file, 'utf8')).split('\n');
  const got = new Set(lines);
  const documented = lines.filter((line) => line.startsWith('? ')).map((line) => line.slice(2));
  const missing = documented.filter((answer) => !got.has(answer) && !left.has(answer));
  if (missing.length === 0) return;
  process.stderr.write(`\nDocumented, and no test got it:\n  ${missing.join('\n  ')}\n`);
  process.exitCode = 1;
}

/** Whoever runs some of the tests gets some of the answers. */
function isWholeRun(): boolean {
  const given = process.argv.slice(2).filter((argument) => argument !== 'run' && !argument.includes('vitest.config'));
  return given.every((argument) => argument === '--config' || argument === '--coverage');
}
