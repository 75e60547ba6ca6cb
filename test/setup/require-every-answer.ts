import { readFile } from 'node:fs/promises';

/**
 * After a run of all tests, fails it when the API documents an answer that no test got. `file` has a line for each documented answer,
 * which begins with `?`, and one for each that a test got.
 */
export async function requireEveryAnswer(file: string): Promise<void> {
  if (!isWholeRun()) return;
  const lines = (await readFile(file, 'utf8')).split('\n');
  const got = new Set(lines);
  const missing = lines.filter((line) => line.startsWith('? ') && !got.has(line.slice(2))).map((line) => line.slice(2));
  if (missing.length === 0) return;
  process.stderr.write(`\nDocumented, and no test got it:\n  ${missing.join('\n  ')}\n`);
  process.exitCode = 1;
}

/** Whoever runs some of the tests gets some of the answers. */
function isWholeRun(): boolean {
  const given = process.argv.slice(2).filter((argument) => argument !== 'run' && !argument.includes('vitest.config'));
  return given.every((argument) => argument === '--config');
}
