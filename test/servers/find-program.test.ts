import { expect, test } from 'vitest';
import { findDebianProgram, findGoProgram } from './setup/find-program.ts';

test('a program of a Debian package that is missing is named with the command that installs it', async () => {
  await expect(findDebianProgram('no-such-program', 'its-package', { PATH: '/nowhere' })).rejects.toThrow(
    'apt-get install --no-install-recommends its-package',
  );
});

test('a program that only Go can build is named with what was tried, where there is no Go', async () => {
  const program = { name: 'no-such-program', source: 'example.org/no-such-program', version: 'v1.0.0' };
  await expect(findGoProgram(program, { PATH: '/nowhere' })).rejects.toThrow(
    /go install example\.org\/no-such-program@v1\.0\.0: not found[^]*Install Go/,
  );
});
