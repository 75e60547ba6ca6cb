import type { Db } from './schema.ts';

/** Makes one value for each pool of connections, such as the batches of its statements, and returns it from then on. */
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
