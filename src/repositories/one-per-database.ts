import type { Db } from './schema.ts';

/** What is made once for each pool of connections, such as the queue of those who wait to share a statement. */
export function onePerDatabase<T>(make: (db: Db) => T): (db: Db) => T {
  const made = new WeakMap<Db, T>();
  return (db) => {
    const known = made.get(db);
    if (known !== undefined) return known;
    const fresh = make(db);
    made.set(db, fresh);
    return fresh;
  };
}
