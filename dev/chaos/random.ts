/** Draws from one seeded sequence: the same seed gives the same draws in the same order. */
export interface Random {
  /** A number from `least` up to, but not including, `most`. */
  readonly between: (least: number, most: number) => number;
  /** A whole number from `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of the keys, as often as its weight says. */
  readonly weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key;
  readonly pick: <T>(values: readonly T[]) => T;
  readonly shuffled: <T>(values: readonly T[]) => T[];
}

/** A generator that is quick and good enough to draw plans from (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + next() * (most - least);
  const integer = (least: number, most: number) => Math.floor(between(least, most + 1));
  const pick = <T>(values: readonly T[]) => values[integer(0, values.length - 1)] as T;
  return {
    between,
    integer,
    pick,
    chance: (probability) => next() < probability,
    weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => {
      const entries = Object.entries<number>(weights) as [Key, number][];
      let left = between(
        0,
        entries.reduce((sum, [, weight]) => sum + weight, 0),
      );
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0])?.[0] as Key;
    },
    shuffled: <T>(values: readonly T[]) => {
      const rest = [...values];
      return values.map(() => rest.splice(integer(0, rest.length - 1), 1)[0] as T);
    },
  };
}
